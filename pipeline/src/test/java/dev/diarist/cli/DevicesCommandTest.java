package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesCommandTest {
  @Test
  void everyBackendIsListedWithItsUse() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(new String[] {"devices"}, new PrintWriter(out, true), new PrintWriter(err, true));
    assertEquals(0, code, err::toString);
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(0).startsWith("tornado: not used: "), lines.get(0));
    assertEquals("cpu: used", lines.get(1));
    assertEquals("nd4j: not used: auto prefers cpu", lines.get(2));
  }
}
