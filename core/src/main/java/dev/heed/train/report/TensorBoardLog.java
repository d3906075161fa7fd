package dev.heed.train.report;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.WireWriter;
import dev.heed.train.TrainingListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Event files that TensorBoard shows: scalars {@code train/loss}, {@code train/gradient_norm},
 * {@code train/rate}, {@code train/tokens_per_second} and {@code valid/METRIC}.
 *
 * <p>Each start of a run writes a file of its own; one that goes on says from which update, and
 * TensorBoard forgets what other files have of later ones. The format is TensorFlow's records
 * (length, masked CRC-32C, bytes) of {@code Event} messages ({@code event.proto}, {@code
 * summary.proto}).
 */
public final class TensorBoardLog implements TrainingListener {
  private static final int CRC_SHIFT = 15;
  private static final int CRC_DELTA = 0xa282ead8;

  /** Fields of Event. */
  private static final int WALL_TIME = 1;

  private static final int STEP = 2;
  private static final int VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION = 7;

  private final Path folder;
  private Path file = Path.of("");

  /**
   * Logs into a folder.
   *
   * @param folder what TensorBoard is given, or one within it
   */
  public TensorBoardLog(Path folder) {
    this.folder = folder;
  }

  @Override
  public void started(long update, long of) {
    try {
      Files.createDirectories(folder);
      int number = 0;
      do {
        file = folder.resolve("events.out.tfevents." + now() + "." + number + ".heed");
        number++;
      } while (Files.exists(file));
    } catch (IOException e) {
      throw failed(e);
    }
    append(event(0).text(VERSION, "brain.Event:2"));
    if (update > 0) {
      append(event(update + 1).message(SESSION, new WireWriter().number(1, 1)));
    }
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  @Override
  public void updated(Update update) {
    scalar(update.number(), "train/loss", update.loss());
    scalar(update.number(), "train/gradient_norm", update.gradientNorm());
    scalar(update.number(), "train/rate", update.rate());
    scalar(update.number(), "train/tokens_per_second", update.tokens() / update.seconds());
  }

  @Override
  public void evaluated(Score score) {
    scalar(score.update(), "valid/" + score.metric(), score.score());
  }

  private void scalar(long step, String tag, double value) {
    WireWriter one = new WireWriter().text(1, tag).float32(2, (float) value);
    append(event(step).message(SUMMARY, new WireWriter().message(1, one)));
  }

  private static WireWriter event(long step) {
    return new WireWriter().float64(WALL_TIME, System.currentTimeMillis() / 1e3).number(STEP, step);
  }

  private void append(WireWriter message) {
    byte[] event = message.toByteArray();
    try {
      ByteBuffer length =
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(event.length);
      ByteBuffer record =
          ByteBuffer.allocate(event.length + Long.BYTES + 2 * Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put(length.array())
              .putInt(checksum(length.array()))
              .put(event)
              .putInt(checksum(event));
      Files.write(file, record.array(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** TensorFlow's masked CRC-32C. */
  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), CRC_SHIFT) + CRC_DELTA;
  }

  private CheckpointException failed(IOException cause) {
    return new CheckpointException(
        Kind.IO,
        folder.toString(),
        "a folder for event files",
        String.valueOf(cause.getMessage()),
        "Check its permissions and the free space.",
        cause);
  }
}
