/** The preview leads a process group of its own, which no Ctrl-C reaches: it is ended here, and its files go as ever. */
export class Interrupt {
  came = false;
  #pid = 0;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        this.came = true;
        if (this.#pid > 0) process.kill(-this.#pid, "SIGTERM");
      });
    }
  }

  nowEnds(pid: number): void {
    this.#pid = pid;
  }
}
