/**
 * What a card's parameter is: enough for a form, for `--set id=value`, for the docs and for the engine. A default is
 * written here and nowhere else.
 */
import { AppError } from '../../base/errors.ts';

export type ParameterValue = number | string | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

interface Described {
  readonly id: string;
  readonly label: string;
  /** What it does and why this default, in one or two sentences for an analyst. */
  readonly help: string;
}
export interface NumberParameter extends Described {
  readonly kind: 'number' | 'integer';
  /** For tiles of up to about 64 pixels and runs of minutes to hours: what the app starts from. */
  readonly default: number;
  /** As published for large images, where that differs. */
  readonly large?: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** `px`, `°`, `σ` (standard deviations of the band) …; empty for a pure number. */
  readonly unit: string;
}
export interface ChoiceParameter extends Described {
  readonly kind: 'choice';
  readonly default: string;
  readonly large?: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}
export interface SwitchParameter extends Described {
  readonly kind: 'switch';
  readonly default: boolean;
  readonly large?: boolean;
}
export type Parameter = NumberParameter | ChoiceParameter | SwitchParameter;

/** `small`: tiles up to about 64 px (the app's standard); `large`: as published for 224 px images and big batches. */
export type Scale = 'small' | 'large';

export function defaultsOf(parameters: readonly Parameter[], scale: Scale = 'small'): ParameterValues {
  return Object.fromEntries(
    parameters.map((p) => [p.id, scale === 'large' && p.large !== undefined ? p.large : p.default]),
  );
}

/**
 * The defaults overridden by what was given. Throws AppError `usage` for an unknown id, a value of another kind or out
 * of range; `what` names the card in the message.
 */
export function resolveParameters(
  what: string,
  parameters: readonly Parameter[],
  given: ParameterValues,
  scale: Scale = 'small',
): ParameterValues {
  const byId = new Map(parameters.map((p) => [p.id, p]));
  const checked = Object.entries(given).map(([id, value]) => {
    const parameter = byId.get(id);
    if (!parameter) {
      throw new AppError('usage', `${what} has no parameter '${id}'`, {
        subject: id,
        remedy: parameters.length ? `It has ${parameters.map((p) => p.id).join(', ')}.` : 'It has none.',
      });
    }
    return [id, checkValue(what, parameter, value)];
  });
  return { ...defaultsOf(parameters, scale), ...Object.fromEntries(checked) };
}

/** The value as the parameter's kind (a command line gives text), or AppError `usage` with what is allowed. */
export function checkValue(what: string, parameter: Parameter, value: ParameterValue): ParameterValue {
  const refuse = (needs: string) =>
    new AppError('usage', `${what}: ${parameter.id} needs ${needs}, not ${JSON.stringify(value)}`, {
      subject: parameter.id,
      remedy: parameter.help,
    });
  switch (parameter.kind) {
    case 'switch': {
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw refuse('true or false');
    }
    case 'choice': {
      const text = String(value);
      if (parameter.choices.some((c) => c.value === text)) return text;
      throw refuse(`one of ${parameter.choices.map((c) => c.value).join(', ')}`);
    }
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const whole = parameter.kind === 'integer';
      if (typeof number !== 'number' || !Number.isFinite(number) || (whole && !Number.isInteger(number)))
        throw refuse(whole ? 'a whole number' : 'a number');
      if (number < parameter.min || number > parameter.max)
        throw refuse(
          `a value from ${parameter.min} to ${parameter.max}${parameter.unit && ` ${parameter.unit}`}`,
        );
      return number;
    }
  }
}
