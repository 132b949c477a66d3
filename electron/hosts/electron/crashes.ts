/** Crashes of the page: it is loaded again at once, unless it crashes so often that loading it helps nobody. */
export function countCrashes(most = 3, withinMs = 60_000): (now: number) => boolean {
  let times: number[] = [];
  /** Records a crash; true when there were too many of late. */
  return (now) => {
    times = [...times.filter((time) => now - time < withinMs), now];
    return times.length >= most;
  };
}
