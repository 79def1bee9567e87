package dev.diarist.weights.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipWriterTest {
  @TempDir Path temp;

  @Test
  void whatIsWrittenIsReadHereAndByTheJdk() throws IOException {
    Map<String, byte[]> entries = entries(0, 1, 63, 64, 65_536, 200_001);
    Path file = write(entries);
    AllocationBudget budget = new AllocationBudget("test", Files.size(file));
    try (ZipArchive archive = ZipArchive.open(file, budget);
        ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(List.copyOf(entries.keySet()), List.copyOf(archive.names()));
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        assertArrayEquals(entry.getValue(), archive.read(entry.getKey()));
        ZipEntry found = zip.getEntry(entry.getKey());
        assertEquals(ZipEntry.STORED, found.getMethod());
        assertArrayEquals(entry.getValue(), zip.getInputStream(found).readAllBytes());
      }
    }
  }

  @Test
  void theDataOfEachEntryBeginsAtAMultipleOf64Bytes() throws IOException {
    Map<String, byte[]> entries = entries(5, 70, 1, 0, 128, 3);
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(write(entries)));
    file.order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    for (byte[] bytes : entries.values()) {
      assertEquals(0x04034b50, file.getInt(at));
      at += 30 + file.getShort(at + 26) + file.getShort(at + 28);
      assertEquals(0, at % 64);
      at += bytes.length;
    }
  }

  private static Map<String, byte[]> entries(int... sizes) {
    Random random = new Random(3);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < sizes.length; i++) {
      byte[] bytes = new byte[sizes[i]];
      random.nextBytes(bytes);
      entries.put("archive/data/" + "0".repeat(i) + i, bytes);
    }
    return entries;
  }

  private Path write(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipWriter zip = new ZipWriter(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.add(entry.getKey(), entry.getValue());
      }
    }
    return Files.write(temp.resolve("written.zip"), bytes.toByteArray());
  }
}
