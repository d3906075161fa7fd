package dev.heed.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.heed.train.TrainingListener.Score;
import dev.heed.train.TrainingListener.Update;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class ReportTest {
  @TempDir Path folder;

  private static Update update(long number) {
    return new Update(number, 9, 1, 0.5 / number, 2.25, true, 0.125, 30, 0.25);
  }

  @Test
  void a_log_forgets_what_comes_after_the_checkpoint_that_is_gone_on_from() throws IOException {
    Path file = folder.resolve("new/log.jsonl");
    try (JsonLinesLog log = new JsonLinesLog(file)) {
      log.started(0, 9);
      log.updated(update(1));
      log.updated(update(2));
      log.evaluated(new Score(2, "f1", 0.75, true));
      log.updated(update(3));
    }
    Files.writeString(file, "{\"update\":4,\"lo", StandardOpenOption.APPEND);
    try (JsonLinesLog log = new JsonLinesLog(file)) {
      log.started(2, 9);
      log.updated(update(3));
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"update\":1,\"epoch\":1,\"loss\":0.5,\"gradient_norm\":2.25,\"clipped\":true,"
                + "\"rate\":0.125,\"tokens\":30,\"seconds\":0.25}",
            "{\"update\":2,\"epoch\":1,\"loss\":0.25,\"gradient_norm\":2.25,\"clipped\":true,"
                + "\"rate\":0.125,\"tokens\":30,\"seconds\":0.25}",
            "{\"update\":2,\"metric\":\"f1\",\"score\":0.75,\"best\":true}",
            Files.readAllLines(file).getLast());
    assertThat(Files.readAllLines(file).getLast()).startsWith("{\"update\":3,");
  }

  @Test
  void event_files_hold_records_with_checksums() throws IOException {
    try (TensorBoardLog log = new TensorBoardLog(folder.resolve("board"))) {
      log.started(4, 9);
      log.updated(update(5));
      log.evaluated(new Score(5, "f1", 0.75, true));
    }
    List<Path> files = new ArrayList<>();
    try (var list = Files.list(folder.resolve("board"))) {
      list.forEach(files::add);
    }
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().getFileName().toString())
        .matches("events\\.out\\.tfevents\\.\\d+\\.0\\.heed");
    assertThat(events(Files.readAllBytes(files.getFirst())))
        .containsExactly(
            "0 brain.Event:2",
            "5 session",
            "5 train/loss 0.1",
            "5 train/gradient_norm 2.25",
            "5 train/rate 0.125",
            "5 train/tokens_per_second 120.0",
            "5 valid/f1 0.75");
  }

  /** CRC-32C of "123456789" is e3069283 (RFC 3720, appendix B.4's polynomial). */
  @Test
  void checksums_are_masked() {
    int crc = 0xe3069283;
    assertThat(TensorBoardLog.checksum("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
  }

  private static List<String> events(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<String> events = new ArrayList<>();
    while (left.hasRemaining()) {
      byte[] length = new byte[Long.BYTES];
      left.get(length);
      assertThat(left.getInt()).isEqualTo(TensorBoardLog.checksum(length));
      byte[] event =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      left.get(event);
      assertThat(left.getInt()).isEqualTo(TensorBoardLog.checksum(event));
      events.add(event(CodedInputStream.newInstance(event)));
    }
    return events;
  }

  private static String event(CodedInputStream in) throws IOException {
    long step = -1;
    String what = "";
    while (!in.isAtEnd()) {
      int tag = in.readTag();
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> assertThat(in.readDouble()).isGreaterThan(1e9);
        case 2 -> step = in.readInt64();
        case 3 -> what = in.readString();
        case 5 -> what = value(CodedInputStream.newInstance(in.readByteArray()));
        case 7 -> what = in.readByteArray().length == 2 ? "session" : "?";
        default -> throw new AssertionError(tag);
      }
    }
    return step + " " + what;
  }

  private static String value(CodedInputStream summary) throws IOException {
    assertThat(WireFormat.getTagFieldNumber(summary.readTag())).isEqualTo(1);
    CodedInputStream value = CodedInputStream.newInstance(summary.readByteArray());
    value.readTag();
    String tag = value.readString();
    value.readTag();
    return tag + " " + value.readFloat();
  }
}
