let answer: boolean | undefined;

/** Whether the map may use WebGL. Remote desktops, virtual machines and old drivers may not. */
export function hasWebGl(): boolean {
  answer ??= probe();
  return answer;
}

function probe(): boolean {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null;
}
