package dev.diarist.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.torch.TorchFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;

  @Test
  void theFormatIsToldByContentNotByName() throws IOException {
    Path misnamedSafeTensors = folder.resolve("a.bin");
    SafeTensors.write(
        misnamedSafeTensors, Weights.of(Map.of("x", Tensor.of(new float[] {3}, 1)), Map.of()));
    assertArrayEquals(new float[] {3}, Checkpoint.read(misnamedSafeTensors).floats("x"));

    TorchFile torch = new TorchFile();
    torch.pickle().value(Map.of("x", torch.floats("0", new float[] {4}, 1)));
    Path misnamedTorch = torch.write(folder.resolve("b.safetensors"));
    Weights weights = Checkpoint.read(misnamedTorch);
    assertArrayEquals(new float[] {4}, weights.floats("x"));
    assertEquals("b.safetensors", weights.metadata().get("source"));
    assertEquals(Sha256.of(misnamedTorch), weights.metadata().get("sha256"));
  }

  @Test
  void theChecksumIsThatOfTheWholeFile() throws IOException {
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256.of(file));
  }

  @Test
  void otherFilesAreDescribed() throws IOException {
    assertRefused("an empty file", new byte[0]);
    assertRefused("text that begins '<!DOCTYPE html>'", "<!DOCTYPE html>\n<html>");
    assertRefused(
        "a Git LFS pointer: the file itself is still to be downloaded",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    assertRefused("a bare Python pickle, which is not read", HexFormat.of().parseHex("80022e"));
    assertRefused(
        "bytes that begin 00 ff 01 02 03 04 05 06",
        HexFormat.of().parseHex("00ff010203040506ffff"));
    byte[] longHeader = new byte[16];
    Arrays.fill(longHeader, (byte) 0x7f);
    longHeader[8] = '{';
    assertRefused("bytes that begin 7f 7f 7f 7f 7f 7f 7f 7f", longHeader);
  }

  @Test
  void foldersAndMissingFilesAreNamed() {
    assertEquals(
        folder
            + ": a checkpoint must be a PyTorch, safetensors, ONNX or NumPy file, found a folder",
        assertThrows(WeightsException.class, () -> Checkpoint.read(folder)).getMessage());
    Path missing = folder.resolve("missing");
    assertEquals(
        missing
            + ": a checkpoint must be a PyTorch, safetensors, ONNX or NumPy file, found nothing of"
            + " that name",
        assertThrows(WeightsException.class, () -> Checkpoint.read(missing)).getMessage());
  }

  private void assertRefused(String found, String content) throws IOException {
    assertRefused(found, content.getBytes(StandardCharsets.UTF_8));
  }

  private void assertRefused(String found, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("model.bin"), content);
    assertEquals(
        file + ": a checkpoint must be a PyTorch, safetensors, ONNX or NumPy file, found " + found,
        assertThrows(WeightsException.class, () -> Checkpoint.read(file)).getMessage());
  }
}
