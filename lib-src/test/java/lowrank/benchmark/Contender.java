package lowrank.benchmark;

/** Something that is timed: ours, or what it is compared with. */
interface Contender {
  /** As it stands in the table. */
  String name();

  /** Does the work once more, or often enough to be timed well, and tells how long once took, in milliseconds. */
  double milliseconds();

  /** Work in this process. One sample takes at least {@link InProcess#SAMPLE} milliseconds. */
  static Contender of(String name, Runnable work) {
    return new InProcess(name, work);
  }

  /** A piece of work, repeated within a sample where it is short. */
  final class InProcess implements Contender {
    private static final double SAMPLE = 20;
    private final String name;
    private final Runnable work;
    private int repeats = 1;

    private InProcess(String name, Runnable work) {
      this.name = name;
      this.work = work;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double milliseconds() {
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        work.run();
      }
      double once = (System.nanoTime() - start) / 1e6 / repeats;
      repeats = (int) Math.max(1, Math.ceil(SAMPLE / once));
      return once;
    }
  }
}
