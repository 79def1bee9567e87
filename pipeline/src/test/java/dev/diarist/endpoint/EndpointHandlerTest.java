package dev.diarist.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.SmallModel;
import dev.diarist.SpeakerBounds;
import dev.diarist.Turn;
import dev.diarist.audio.AudioSource;
import dev.diarist.endpoint.EndpointException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointHandlerTest {
  private static final String ANSWER =
      "{\"diarization\":[{\"speaker\":\"SPEAKER_00\",\"start\":\"0.062\",\"end\":\"1.500\"}]}";

  @TempDir private Path folder;

  private final List<Long> heard = new ArrayList<>();
  private SpeakerBounds speakers;
  private final EndpointHandler handler = EndpointHandler.of(this::diarize);

  private Diarization diarize(AudioSource audio, SpeakerBounds speakers) {
    heard.add(audio.samples());
    this.speakers = speakers;
    List<Turn> turns = List.of(new Turn(0.0625, 1.5, "SPEAKER_00"));
    return new Diarization(audio.uri(), turns, turns, new float[1][1], List.of());
  }

  private static byte[] recording() throws IOException {
    return Files.readAllBytes(SmallModel.RECORDING);
  }

  private static String base64() throws IOException {
    return Base64.getEncoder().encodeToString(recording());
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aRecordingMayBeLongerThanJacksonExpects() throws Exception {
    int length = 20_000_004;
    byte[] request = json("{'inputs': '" + "A".repeat(length) + "'}");
    assertEquals(
        new EndpointRequest.Inputs.Text("A".repeat(length)),
        EndpointRequest.parse(request).inputs());
  }

  @Test
  void base64AndBytesAreRecordings() throws Exception {
    assertEquals(
        new EndpointHandler.Response(200, ANSWER),
        handler.respond(json("{'inputs':'" + base64() + "','stream':false}")));
    assertEquals(ANSWER, handler.handle(EndpointRequest.of(Map.of("inputs", recording()))));
    assertEquals(2, heard.size());
    assertEquals(heard.get(0), heard.get(1));
    assertEquals(SpeakerBounds.AUTO, speakers);
  }

  @Test
  void aNameIsAFileBelowTheFolderOnly() throws Exception {
    Path below = Files.createDirectories(folder.resolve("audio/calls"));
    Files.write(below.resolve("a.wav"), recording());
    Files.write(folder.resolve("secret.wav"), recording());
    Files.createSymbolicLink(below.resolve("link.wav"), folder.resolve("secret.wav"));
    EndpointHandler reading = handler.readingBelow(folder.resolve("audio"));
    assertEquals(200, reading.respond(json("{'inputs':'calls/a.wav'}")).status());
    assertEquals(1, heard.size());
    assertReason(Reason.INVALID_INPUTS, reading.respond(json("{'inputs':'../secret.wav'}")));
    assertReason(Reason.INVALID_INPUTS, reading.respond(json("{'inputs':'calls/link.wav'}")));
    assertReason(
        Reason.INVALID_INPUTS,
        reading.respond(json("{'inputs':'" + folder.resolve("secret.wav") + "'}")));
    assertReason(Reason.INVALID_INPUTS, handler.respond(json("{'inputs':'calls/a.wav'}")));
    assertEquals(1, heard.size());
  }

  @Test
  void theNameOfAFileIsKeptOutOfErrorsAndNothingElse() throws Exception {
    Path file = Files.createFile(folder.resolve("e.wav"));
    EndpointHandler.Response empty =
        handler.readingBelow(folder).respond(json("{'inputs':'e.wav'}"));
    assertEquals(
        "inputs: is empty (0 bytes)",
        new ObjectMapper().readTree(empty.json()).get("error").asText());
    Files.write(file, recording());
    EndpointHandler failing =
        EndpointHandler.of(
                (audio, bounds) -> {
                  throw new IOException(file.toRealPath() + ": gone");
                })
            .readingBelow(folder);
    String error =
        new ObjectMapper()
            .readTree(failing.respond(json("{'inputs':'e.wav'}")).json())
            .get("error")
            .asText();
    assertFalse(error.contains(folder.getFileName().toString()), error);
  }

  @Test
  void whatIsKnownOfTheSpeakersIsTakenAsPyannoteTakesIt() throws Exception {
    assertEquals(SpeakerBounds.exactly(3), bounds("{'num_speakers':3,'max_speakers':2}"));
    assertEquals(SpeakerBounds.between(2, 4), bounds("{'min_speakers':2,'max_speakers':4}"));
    assertEquals(SpeakerBounds.atLeast(2), bounds("{'num_speakers':0,'min_speakers':2}"));
    assertEquals(SpeakerBounds.atMost(2), bounds("{'max_speakers':2}"));
    assertEquals(SpeakerBounds.AUTO, bounds("{'num_speakers':null}"));
    assertEquals(SpeakerBounds.AUTO, bounds("null"));
  }

  private static SpeakerBounds bounds(String parameters) throws EndpointException {
    return EndpointRequest.parse(json("{'inputs':'x','parameters':" + parameters + "}")).speakers();
  }

  @Test
  void malformedRequestsAreAnswered() {
    assertRefused(Reason.MALFORMED_REQUEST, "the request must be JSON: ", "{");
    assertRefused(Reason.MALFORMED_REQUEST, "the request must be a JSON object, found ", "");
    assertRefused(
        Reason.MALFORMED_REQUEST, "the request must be a JSON object, found a JSON array", "[1]");
    assertRefused(Reason.INVALID_INPUTS, "inputs must be an audio file, found nothing", "{}");
    assertRefused(
        Reason.INVALID_INPUTS, "inputs must be bytes or a string, found a number", "{'inputs':1}");
    assertRefused(
        Reason.INVALID_INPUTS,
        "inputs must be an audio file in base64, found \"a b\"",
        "{'inputs':'a b'}");
    assertRefused(
        Reason.UNREADABLE_AUDIO,
        "inputs: is no audio file of a known kind",
        "{'inputs':'AAAAAAAAAAAAAAAAAAAA'}");
    assertRefused(Reason.UNREADABLE_AUDIO, "inputs: is empty (0 bytes)", "{'inputs':''}");
    assertRefused(
        Reason.INVALID_PARAMETERS,
        "parameters must be an object, found a number",
        "{'inputs':'','parameters':1}");
    assertRefused(
        Reason.INVALID_PARAMETERS,
        "parameters must be among num_speakers, min_speakers, max_speakers, found threshold",
        "{'inputs':'','parameters':{'threshold':1}}");
    assertRefused(
        Reason.INVALID_PARAMETERS,
        "num_speakers must be an integer from 0, found 2.5",
        "{'inputs':'','parameters':{'num_speakers':2.5}}");
    assertRefused(
        Reason.INVALID_PARAMETERS,
        "max_speakers must be an integer from 0, found 99999999999999999999",
        "{'inputs':'','parameters':{'max_speakers':99999999999999999999}}");
    assertRefused(
        Reason.INVALID_PARAMETERS,
        "min_speakers must be smaller than or equal to max_speakers",
        "{'inputs':'','parameters':{'min_speakers':3,'max_speakers':2}}");
  }

  private void assertRefused(Reason reason, String sentence, String request) {
    EndpointHandler.Response response = handler.respond(json(request));
    assertReason(reason, response);
    assertTrue(error(response).path("error").asText().startsWith(sentence), response.json());
    assertEquals(List.of(), heard);
  }

  private static void assertReason(Reason reason, EndpointHandler.Response response) {
    assertEquals(reason.status(), response.status(), response.json());
    assertEquals(reason.name(), error(response).path("reason").asText());
  }

  private static JsonNode error(EndpointHandler.Response response) {
    try {
      return new ObjectMapper().readTree(response.json());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatFailsInsideIsAnAnswerToo() throws IOException {
    EndpointHandler broken =
        EndpointHandler.of(
            (audio, bounds) -> {
              throw new IllegalStateException("broken");
            });
    EndpointHandler.Response response = broken.respond(json("{'inputs':'" + base64() + "'}"));
    assertReason(Reason.FAILED, response);
    assertTrue(response.json().contains("broken"));
  }

  @Test
  void noMutilatedRequestGetsAnythingButAnAnswer() throws IOException {
    byte[] wav = new byte[400];
    System.arraycopy(recording(), 0, wav, 0, wav.length);
    byte[] good =
        json(
            "{'inputs':'%s','parameters':{'num_speakers':2,'max_speakers':3}}"
                .formatted(Base64.getEncoder().encodeToString(wav)));
    Random random = new Random(3);
    Map<Integer, Integer> statuses = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      statuses.merge(handler.respond(bad).status(), 1, Integer::sum);
    }
    assertFalse(statuses.containsKey(500), statuses.toString());
    assertTrue(statuses.containsKey(400) && statuses.containsKey(422), statuses.toString());
  }

  @Test
  void aDiarizerAnswersAsTheHandlerOfTheHubDoes() throws IOException {
    try (Diarizer diarizer = Diarizer.open(SmallModel.FOLDER)) {
      EndpointHandler.Response response =
          EndpointHandler.of(diarizer).respond(json("{'inputs':'" + base64() + "'}"));
      assertEquals(200, response.status());
      JsonNode first = error(response).path("diarization").path(0);
      assertEquals(List.of("speaker", "start", "end"), names(first));
      Turn turn = diarizer.diarize(SmallModel.RECORDING).turns().getFirst();
      assertEquals(turn.speaker(), first.path("speaker").textValue());
      assertEquals(turn.startSeconds(), Double.parseDouble(first.path("start").textValue()), 5e-4);
    }
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aFolderThatIsMissingIsRefused() {
    assertThrows(IOException.class, () -> handler.readingBelow(folder.resolve("none")));
  }
}
