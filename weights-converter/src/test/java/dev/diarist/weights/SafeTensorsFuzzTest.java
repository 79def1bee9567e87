package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.WeightsException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsFuzzTest {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyFileIsReadOrRefused(byte[] content) {
    ReadingBounds.check(content.length, () -> read(content));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void everyKnownAttackIsRefused(String name, byte[] content) {
    ReadingBounds.check(
        content.length, () -> assertThrows(WeightsException.class, () -> read(content)));
  }

  @Test
  void aMillionNumbersAreNotKept() {
    byte[] content = file("{\"x\":[" + "0,".repeat(1_000_000) + "0]}", 0);
    ReadingBounds.check(
        content.length, () -> assertThrows(WeightsException.class, () -> read(content)));
  }

  private static void read(byte[] content) throws WeightsException {
    SafeTensors.read(MemorySegment.ofArray(content), "test");
  }

  static Stream<Arguments> attacks() {
    Map<String, byte[]> attacks = new LinkedHashMap<>();
    String f32 = "\"dtype\":\"F32\"";
    attacks.put("a header beyond the file", file(1L << 40, "{}", 0));
    attacks.put("a header of 2^63 bytes", file(Long.MIN_VALUE, "{}", 0));
    attacks.put("a header of 100 MB", file(100_000_000, "{}", 0));
    attacks.put(
        "a tensor twice",
        file(
            "{\"x\":{%s,\"shape\":[1],\"data_offsets\":[0,4]},".formatted(f32)
                + "\"x\":{%s,\"shape\":[1],\"data_offsets\":[4,8]}}".formatted(f32),
            8));
    attacks.put(
        "two tensors over the same bytes",
        file(
            "{\"x\":{%s,\"shape\":[1],\"data_offsets\":[0,4]},".formatted(f32)
                + "\"y\":{%s,\"shape\":[1],\"data_offsets\":[0,4]}}".formatted(f32),
            4));
    attacks.put(
        "bytes that belong to nobody", // where another file could hide
        file("{\"x\":{%s,\"shape\":[1],\"data_offsets\":[4,8]}}".formatted(f32), 8));
    attacks.put(
        "bytes behind the last tensor",
        file("{\"x\":{%s,\"shape\":[1],\"data_offsets\":[0,4]}}".formatted(f32), 5));
    attacks.put(
        "a shape whose product overflows to its size",
        file(
            "{\"x\":{%s,\"shape\":[4294967296,4294967297],".formatted(f32)
                + "\"data_offsets\":[0,4]}}",
            4));
    attacks.put(
        "a negative offset",
        file("{\"x\":{%s,\"shape\":[1],\"data_offsets\":[-4,0]}}".formatted(f32), 4));
    attacks.put(
        "offsets that descend",
        file("{\"x\":{%s,\"shape\":[1],\"data_offsets\":[4,0]}}".formatted(f32), 4));
    attacks.put(
        "offsets beyond the file",
        file("{\"x\":{%s,\"shape\":[1],\"data_offsets\":[0,4]}}".formatted(f32), 0));
    attacks.put("brackets without end", file("{\"x\":" + "[".repeat(100_000), 0));
    attacks.put("metadata that is no text", file("{\"__metadata__\":{\"a\":{\"b\":1}}}", 0));
    attacks.put("a second document behind the header", file("{}{}", 0));
    attacks.put("text that is not UTF-8", file("{\"\u00ff\":1}", 0));
    attacks.put(
        "a number of a hundred thousand digits",
        file(
            "{\"x\":{%s,\"shape\":[%s],\"data_offsets\":[0,4]}}"
                .formatted(f32, "9".repeat(100_000)),
            4));
    return attacks.entrySet().stream()
        .map(attack -> Arguments.of(attack.getKey(), attack.getValue()));
  }

  static Stream<Arguments> seeds() {
    byte[] usual =
        file(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"x\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"y\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]}}  ",
            16);
    return Stream.concat(
        Stream.of(Arguments.of((Object) usual)),
        attacks().map(attack -> Arguments.of(attack.get()[1])));
  }

  private static byte[] file(String header, int dataBytes) {
    return file(header.getBytes(StandardCharsets.ISO_8859_1).length, header, dataBytes);
  }

  private static byte[] file(long length, String header, int dataBytes) {
    byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(Long.BYTES + bytes.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(bytes)
        .array();
  }
}
