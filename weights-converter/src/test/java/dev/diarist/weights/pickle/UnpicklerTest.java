package dev.diarist.weights.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {
  private static final Globals GLOBALS =
      new Globals(
          Map.of(
              "zoo.Animal", arguments -> new PickledObject("zoo.Animal", arguments),
              "zoo.count", arguments -> (long) arguments.size()));

  @ParameterizedTest
  @CsvSource({
    "8002 4b ff 2e, 255",
    "8002 4d ffff 2e, 65535",
    "8002 4a ffffffff 2e, -1",
    "8002 8a 00 2e, 0",
    "8002 8a 01 ff 2e, -1",
    "8002 8a 02 ff00 2e, 255",
    "8002 8a 08 0000000000000080 2e, -9223372036854775808",
    "8002 8b 01000000 05 2e, 5",
    "49 3132 0a 2e, 12",
    "4c 2d37 4c 0a 2e, -7",
  })
  void integersOfEveryOpcode(String hex, long expected) throws PickleException {
    assertEquals(expected, read(hex(hex)));
  }

  @Test
  void numbersTextsBytesAndConstants() throws PickleException {
    assertEquals(-0.1, read(hex("8002 47 bfb999999999999a 2e")));
    assertEquals(0.5, read(hex("46 302e35 0a 2e")));
    assertEquals(Double.NEGATIVE_INFINITY, read(hex("46 2d696e66 0a 2e")));
    assertEquals("ä", read(hex("8002 58 02000000 c3a4 2e")));
    assertEquals("ä", read(hex("8004 8c 02 c3a4 2e")));
    assertEquals("ä", read(hex("8004 8d 0200000000000000 c3a4 2e")));
    assertEquals("abc", read(hex("8002 55 03 616263 2e")));
    assertEquals("abc", read(hex("8002 54 03000000 616263 2e")));
    assertArrayEquals(new byte[] {1, 2}, (byte[]) read(hex("8003 43 02 0102 2e")));
    assertArrayEquals(new byte[] {1, 2}, (byte[]) read(hex("8003 42 02000000 0102 2e")));
    assertEquals(true, read(hex("8002 88 2e")));
    assertEquals(false, read(hex("49 3030 0a 2e")));
    assertEquals(true, read(hex("49 3031 0a 2e")));
    assertNull(read(hex("8002 4e 2e")));
  }

  @Test
  void containersKeepOrderAndNesting() throws PickleException {
    Object value =
        read(
            new PickleWriter()
                .value(Arrays.asList(1, 2.5, "x", null, new Tuple(List.of(3, List.of(), "y"))))
                .end());
    List<?> list = (List<?>) value;
    assertEquals(Arrays.asList(1L, 2.5, "x", null), list.subList(0, 4));
    assertEquals(new Tuple(List.of(3L, List.of(), "y")), list.get(4));
    Map<?, ?> map =
        (Map<?, ?>) read(hex("8002 7d 28 58 01000000 62 4b02 58 01000000 61 4b01 75 2e"));
    assertEquals(List.of("b", "a"), List.copyOf(map.keySet()));
    assertEquals(Map.of("a", 1L), read(hex("28 55 01 61 4b 01 64 2e")));
    assertEquals(Map.of("a", 1L), read(hex("7d 55 01 61 4b 01 73 2e")));
    assertEquals(List.of(1L, 2L), read(hex("28 4b01 4b02 6c 2e")));
    assertEquals(List.of(1L), read(hex("5d 4b01 61 2e")));
    assertEquals(new Tuple(List.of(1L, 2L, 3L)), read(hex("8002 4b01 4b02 4b03 87 2e")));
    assertEquals(new Tuple(List.of(1L, 2L)), read(hex("8002 4b01 4b02 86 2e")));
    assertEquals(new Tuple(List.of(1L)), read(hex("8002 4b01 85 2e")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8002 5d 7101 6801 86 2e", // BINPUT, BINGET
        "8002 5d 72 ffff0000 6a ffff0000 86 2e", // LONG_BINPUT, LONG_BINGET
        "5d 70 370a 67 370a 86 2e", // PUT, GET
        "8004 95 0500000000000000 5d 94 6800 86 2e", // FRAME, MEMOIZE
        "8002 5d 32 86 2e", // DUP
      })
  void whatIsReferredToAgainIsTheSameObject(String hex) throws PickleException {
    Tuple pair = (Tuple) read(hex(hex));
    assertSame(pair.get(0), pair.get(1));
  }

  @Test
  void namesOfTheListMakeWhatTheListSays() throws PickleException {
    assertEquals(2L, read(new PickleWriter().call("zoo", "count", 1, 2).end()));
    PickledObject animal =
        (PickledObject) read(new PickleWriter().object("zoo", "Animal", Map.of("legs", 4)).end());
    assertEquals("zoo.Animal", animal.type());
    assertEquals(Map.of("legs", 4L), animal.state());
    assertEquals(
        0L, read(hex("8004 8c 03 7a6f6f 8c 05 636f756e74 93 29 52 2e"))); // STACK_GLOBAL, REDUCE
  }

  @Test
  void persistentIdsGoToTheLoader() throws PickleException {
    assertEquals(
        "loaded 7", Unpickler.read(hex("8002 4b07 51 2e"), "test", GLOBALS, id -> "loaded " + id));
  }

  @Test
  void aListThatContainsItselfIsRead() throws PickleException {
    List<?> list = (List<?>) read(hex("8002 5d 7100 6800 61 2e"));
    assertSame(list, list.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8002               | 2 | 1 bytes are needed, the pickle ends after 0",
        "8006 4e 2e         | 0 | the protocol must be at most 5, found 6",
        "8002 2e            | 2 | a value is needed and the stack holds none",
        "8002 4e 4e 2e      | 4 | values are left on the stack at the end",
        "8002 28 4e 2e      | 4 | values are left on the stack at the end",
        "8002 4e 2e 00      | 3 | 1 bytes after the end",
        "8002 4e 28 61 2e   | 4 | a value is needed and the stack holds none",
        "8002 65 2e         | 2 | a mark is needed and the stack holds none",
        "8002 4d ff         | 2 | 2 bytes are needed, the pickle ends after 1",
        "8002 58 ffffffff   | 2 | 4294967295 bytes are needed, the pickle ends after 0",
        "8002 8d ffffffffffffffff | 2 | 18446744073709551615 bytes are needed, the pickle ends"
            + " after 0",
        "8002 54 ffffffff   | 2 | 18446744073709551615 bytes are needed, the pickle ends after 0",
        "8002 58 01000000 ff 2e | 2 | text that is not valid UTF-8",
        "8002 8a 09 000000000000000001 2e | 2 | an integer must have at most 8 bytes, found 9",
        "8002 8b ffffffff   | 2 | an integer must have at most 8 bytes, found 4294967295",
        "49 3132            | 0 | a line without an end",
        "49 78 0a 2e        | 0 | an integer of at most 8 bytes is needed",
        "46 78 0a 2e        | 0 | a number is needed",
        "8002 6801 2e       | 2 | nothing has the memo number 1",
        "8002 7d 4e 4e 73 2e | 5 | a dictionary key must be text, a number or a boolean, found"
            + " None",
        "8002 7d 5d 4e 73 2e | 5 | a dictionary key must be text, a number or a boolean, found a"
            + " list",
        "8002 7d 28 4b01 75 2e | 6 | a dictionary key without a value",
        "8002 29 4e 61 2e   | 4 | items can be added to a list, found a tuple",
        "8002 5d 4b01 4e 73 2e | 6 | items can be set in a dictionary, found a list",
        "8002 4b01 29 52 2e | 5 | a call needs a name of the list and a tuple, found an integer and"
            + " a tuple",
        "8002 4b01 7d 62 2e | 5 | attributes cannot be set on an integer",
        "8002 7d 4b01 62 2e | 5 | attributes must be a dictionary, found an integer",
        "8004 4b01 4b01 93 2e | 6 | a module and a name must be text",
        "8002 69 2e         | 2 | the opcode 0x69 is not read",
        "8002 82 01 2e      | 2 | the opcode 0x82 is not read",
      })
  void aBrokenPickleIsNamedWithItsPlace(String hex, int at, String reason) {
    assertRefused(reason, at, hex(hex));
  }

  @Test
  void aClassOffTheListIsNamedAndNothingIsCalled() {
    assertRefused(
        "the class or function 'posix.system' is not on the list of what a checkpoint may hold",
        2,
        new PickleWriter().call("posix", "system", "touch /tmp/pickled").end());
    assertRefused(
        "the class or function 'java.lang.Runtime' is not on the list of what a checkpoint may"
            + " hold",
        22,
        hex("8004 8c 09 6a6176612e6c616e67 8c 07 52756e74696d65 93 2e"));
    assertRefused(
        "a name must have at most 200 characters, found 1005",
        2,
        new PickleWriter().global("zoo", "x".repeat(1001)).end());
  }

  @Test
  void stackMarksMemoAndStepsAreBounded() {
    byte[] nones = filled(PickleStack.MAX_VALUES + 1, 'N');
    assertRefused("the stack must hold at most 200000 values", PickleStack.MAX_VALUES, nones);
    assertRefused(
        "marks must nest at most 1000 deep",
        PickleStack.MAX_MARKS,
        filled(PickleStack.MAX_MARKS + 1, '('));
    byte[] memo = filled(PickleStack.MAX_VALUES + 2, 0x94);
    memo[0] = 'N';
    assertRefused("the memo must hold at most 200000 values", Memo.MAX_VALUES + 1, memo);
    int longest = Unpickler.MAX_STEPS + Unpickler.MAX_STEPS / 127;
    byte[] steps = new byte[longest + 2];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (byte) (i % 2 == 0 ? 'N' : '0');
    }
    int allowed = Unpickler.MAX_STEPS + steps.length / 128;
    assertRefused("more than %d opcodes".formatted(allowed), allowed - 1, steps);
  }

  @Test
  void anOversizedPickleIsRefusedBeforeItIsRead() {
    var error = assertThrows(PickleException.class, () -> read(new byte[Unpickler.MAX_BYTES + 1]));
    assertEquals(
        "test: a pickle must have at most 67108864 bytes, found 67108865", error.getMessage());
  }

  private static void assertRefused(String reason, int at, byte[] pickle) {
    var error = assertThrows(PickleException.class, () -> read(pickle));
    assertEquals(
        "test: broken or refused pickle at byte %d: %s".formatted(at, reason), error.getMessage());
    assertTrue(error.getCause() instanceof IllegalArgumentException);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static Object read(byte[] pickle) throws PickleException {
    return Unpickler.read(
        pickle,
        "test",
        GLOBALS,
        id -> {
          throw new IllegalArgumentException("no persistent values here");
        });
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
