package lowrank.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PublishedTest {
  @Test
  void tellsTheBestOfEachMethodAtARank() {
    assertEquals(Map.of("truncated", 0.960, "fine-tuned", 0.9799, "dynamic", 0.9747), Published.atRank(20));
    assertEquals(Map.of(), Published.atRank(2));
  }
}
