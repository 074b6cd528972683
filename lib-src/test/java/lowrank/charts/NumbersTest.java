package lowrank.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void accuraciesArePercentWithTwoDecimals() {
        assertEquals("98.52 %", Numbers.percent(0.98521));
        assertEquals("98.52 ± 0.04 %", Numbers.percent(0.98521, 0.0004));
        assertEquals("98.52 %", Numbers.percent(0.98521, Double.NaN));
    }

    @Test
    void countsAreGroupedByThousands() {
        assertEquals("215,370", Numbers.count(215_370));
    }

    @Test
    void bytesAreReadable() {
        assertEquals("999 bytes", Numbers.bytes(999));
        assertEquals("95.3 kB", Numbers.bytes(95_300));
        assertEquals("0.86 MB", Numbers.bytes(861_480));
        assertEquals("20.05 MB", Numbers.bytes(20_049_960));
    }

    @Test
    void timesAreReadable() {
        assertEquals("8 s", Numbers.time(8.4));
        assertEquals("1 min 00 s", Numbers.time(59.7));
        assertEquals("3 min 05 s", Numbers.time(185));
        assertEquals("1 h 02 min", Numbers.time(3725));
    }

    @Test
    void plainNumbersHaveNoNeedlessDigits() {
        assertEquals("0.5", Numbers.plain(0.5));
        assertEquals("12,345", Numbers.plain(12345));
        assertEquals("3.142", Numbers.plain(Math.PI));
        assertEquals("0.03142", Numbers.plain(Math.PI / 100));
        assertEquals("1,230", Numbers.plain(1230.4));
        assertEquals("12.5", Numbers.plain(12.5));
        assertEquals("3.14e-06", Numbers.plain(Math.PI / 1e6));
    }
}
