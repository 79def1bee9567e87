package dev.diarist.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ReadingBounds;
import dev.diarist.weights.pickle.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LegacyCheckpointTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

  @TempDir Path folder;

  @Test
  void aStreamOfBeforeVersion16IsRead() throws IOException {
    assertArrayEquals(VALUES, read(LegacyFile.stream(VALUES, null)).floats("x"));
    assertArrayEquals(
        new float[] {3, 4}, read(LegacyFile.stream(VALUES, new long[] {2, 2})).floats("x"));
  }

  @Test
  void aTarArchiveIsReadWithItsStridesAndViews() throws IOException {
    Weights weights = read(LegacyFile.tar(VALUES, 2));
    assertArrayEquals(new long[] {2, 3}, weights.shape("x"));
    assertArrayEquals(VALUES, weights.floats("x"));
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, weights.floats("y"));
    assertArrayEquals(new float[] {2, 3}, weights.floats("z"));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    int tarPadding = 1024 + 512; // the end and the padding of the last file may be missing
    for (byte[] whole : List.of(LegacyFile.stream(VALUES, null), LegacyFile.tar(VALUES, 2))) {
      int content = whole.length > 1024 ? whole.length - tarPadding : whole.length;
      for (int length = 0; length < content; length += 3) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThrows(WeightsException.class, () -> read(cut), "cut at " + length);
      }
    }
  }

  @Test
  void aViewThatLeavesItsStorageIsRefused() {
    assertRefused(
        "2 numbers from number 5 on leave storage '7' of 6 numbers",
        LegacyFile.stream(VALUES, new long[] {5, 2}));
    assertRefused("leave storage '7'", LegacyFile.stream(VALUES, new long[] {Long.MAX_VALUE, 2}));
    assertRefused("leave storage '7'", LegacyFile.stream(VALUES, new long[] {-1, 2}));
  }

  @Test
  void bytesBehindTheLastStorageAreRefused() {
    byte[] stream = LegacyFile.stream(VALUES, null);
    assertRefused("1 bytes after the last storage", Arrays.copyOf(stream, stream.length + 1));
  }

  @Test
  void tarsThatWouldLeaveTheirFolderOrAreNoPlainFilesAreRefused() {
    Map<String, byte[]> leading = new LinkedHashMap<>();
    leading.put("../storages", new byte[1]);
    assertRefused("must be a path inside the archive", LegacyFile.tar(leading));
    byte[] link = Arrays.copyOf(LegacyFile.header("storages", 0, '2'), 1024);
    assertRefused("links and special files are not read", link);
    byte[] bomb = Arrays.copyOf(LegacyFile.header("storages", 1L << 32, '0'), 1024);
    assertRefused("a file in it ends outside the archive", bomb);
    byte[] damaged = LegacyFile.tar(VALUES, 2);
    damaged[3] ^= 1;
    assertRefused("its checksum does not match", damaged);
    assertRefused("the archive has no file 'storages'", LegacyFile.tar(Map.of("a", new byte[1])));
  }

  @Test
  @Timeout(10)
  void numbersAndKeysThatAreContainersAreRefusedWithoutLookingIntoThem() {
    // Forty pairs of pairs: text of them, or a hash, would have a part for each of 2^40 leaves.
    Object[] doubled = new Object[80];
    for (int i = 0; i < doubled.length; i += 2) {
      doubled[i] = "2"; // DUP
      doubled[i + 1] = 0x86; // TUPLE2
    }
    byte[] pairs = new PickleWriter().raw("K", 1).raw(doubled).raw("Q").end();
    assertRefused("must be an integer or text, found a tuple", LegacyFile.tar(VALUES, 2, pairs));
    // A list that holds a tuple of itself.
    byte[] circle = new PickleWriter().raw("]q", 0, "h", 0, 0x85, "aQ").end();
    assertRefused("must be an integer or text, found a list", LegacyFile.tar(VALUES, 2, circle));
    byte[] keys = new PickleWriter().raw("]K", 1).raw(doubled).raw("a").end();
    assertRefused("must be text, found a tuple", LegacyFile.stream(VALUES, null, keys));
    byte[] views =
        new PickleWriter().raw("](K", 12, "K", 1).raw(doubled).raw("K", 1, "K", 2).raw("ta").end();
    assertRefused("a view must be described", LegacyFile.tarOfViews(VALUES, views));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyOldFileIsReadOrRefused(byte[] content) throws IOException {
    if (TorchCheckpoint.isLegacy(content)) {
      ReadingBounds.checkFile(content, TorchCheckpoint::read);
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            LegacyFile.stream(VALUES, null),
            LegacyFile.stream(VALUES, new long[] {2, 2}),
            LegacyFile.tar(VALUES, 2),
            Arrays.copyOf(LegacyFile.header("storages", 1L << 32, '0'), 1024))
        .map(content -> Arguments.of((Object) content));
  }

  private Weights read(byte[] content) throws IOException {
    return TorchCheckpoint.read(Files.write(folder.resolve("old.bin"), content));
  }

  private void assertRefused(String reason, byte[] content) {
    String message = assertThrows(WeightsException.class, () -> read(content)).getMessage();
    assertTrue(message.contains(reason), message);
    assertEquals(folder.resolve("old.bin").toString(), message.split(": ")[0]);
  }
}
