package dev.diarist.weights.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.weights.pickle.PythonValue.Call;
import dev.diarist.weights.pickle.PythonValue.Instance;
import dev.diarist.weights.pickle.PythonValue.Name;
import dev.diarist.weights.pickle.PythonValue.Persistent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PicklerTest {
  private static final Globals GLOBALS =
      new Globals(
          Map.of(
              "m.sum", arguments -> (Long) arguments.get(0) + (Long) arguments.get(1),
              "m.C", arguments -> new PickledObject("m.C", arguments)));

  @Test
  void plainValuesComeBack() throws PickleException {
    List<Object> values =
        Arrays.asList(
            null,
            true,
            false,
            0L,
            255L,
            256L,
            -1L,
            (long) Integer.MIN_VALUE,
            1L + Integer.MAX_VALUE,
            Long.MIN_VALUE,
            -0.0,
            Math.PI,
            Double.NaN,
            "",
            "speaker #1, äöü, 🎙",
            List.of(),
            new Tuple(List.of()),
            new Tuple(List.of(1L, "two")),
            Map.of("key", List.of(Map.of())));
    assertEquals(values, read(Pickler.write(values)));
  }

  @Test
  void namesCallsInstancesAndPersistentValuesAreWhatPythonMakesOfThem() throws PickleException {
    Name sum = new Name("m", "sum");
    assertEquals(5L, read(Pickler.write(new Call(sum, List.of(2, 3)))));
    assertEquals("m.sum", assertInstanceOf(Global.class, read(Pickler.write(sum))).name());
    Instance instance = new Instance(new Name("m", "C"), Map.of("a", 1));
    PickledObject object = assertInstanceOf(PickledObject.class, read(Pickler.write(instance)));
    assertEquals(Map.of("a", 1L), object.state());
    assertEquals("<7>", read(Pickler.write(new Persistent(new Tuple(List.of(7))))));
  }

  /** pickletools: PROTO, EMPTY_DICT, MARK, BINUNICODE 'a', BININT1, SETITEMS, STOP. */
  @Test
  void theBytesAreThoseOfProtocol2() {
    assertArrayEquals(
        HexFormat.of().parseHex("80027d28580100000061" + "4b07" + "752e"),
        Pickler.write(Map.of("a", 7)));
    assertArrayEquals(
        "\u0080\u0002cm\nC\n)\u0081}(ub.".getBytes(StandardCharsets.ISO_8859_1),
        Pickler.write(new Instance(new Name("m", "C"), Map.of())));
  }

  @Test
  void otherValuesAreRefused() {
    assertEquals(
        "a pickle is made from plain values, found Object",
        assertThrows(IllegalArgumentException.class, () -> Pickler.write(List.of(new Object())))
            .getMessage());
  }

  private static Object read(byte[] pickle) throws PickleException {
    return Unpickler.read(pickle, "test", GLOBALS, id -> "<" + ((Tuple) id).get(0) + ">");
  }
}
