package lowrank.data;

/** Placeholder. */
public final class SyntheticDigits {
  private SyntheticDigits() {}

  public static DigitData standard() {
    return generate(60_000, 10_000, 1);
  }

  public static DigitData generate(int train, int test, long seed) {
    throw new UnsupportedOperationException("not drawn yet");
  }
}
