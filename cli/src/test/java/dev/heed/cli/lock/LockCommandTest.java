package dev.heed.cli.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is locked, changed, and told apart. */
@Tag("integration")
class LockCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.createDirectory(folder.resolve("1_Pooling"));
    Files.writeString(folder.resolve("1_Pooling").resolve("config.json"), "{\"a\":1}");
  }

  private CommandRun verify(String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "verify";
    arguments[1] = "--lock";
    arguments[2] = folder.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.heed(arguments);
  }

  @Test
  void a_lock_tells_what_was_changed_taken_and_added() throws IOException {
    CommandRun locked = CommandRun.heed("lock", folder.toString());
    assertThat(locked.exit()).isEqualTo(ExitStatus.OK);
    assertThat(locked.out()).contains(": 2 files, 9 bytes");
    assertThat(Files.readString(folder.resolve("heed.lock")))
        .contains(
            "\"1_Pooling/config.json\"",
            // SHA-256 of {}
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    assertThat(verify().exit()).isEqualTo(ExitStatus.OK);

    Files.writeString(folder.resolve("config.json"), "[]");
    Files.delete(folder.resolve("1_Pooling").resolve("config.json"));
    Files.writeString(folder.resolve("model.bin"), "x");
    CommandRun changed = verify();
    assertThat(changed.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(changed.out())
        .contains("missing  1_Pooling/config.json", "changed  config.json", "added    model.bin");
    assertThat(verify("--json").out()).contains("\"change\" : \"CHANGED\"");
    assertThat(CommandRun.heed("serve", "--locked", "--model", folder.toString()).err())
        .contains("expected the files that were locked", "changed");

    CommandRun.heed("lock", folder.toString());
    assertThat(verify().exit()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void what_is_no_lock_is_refused() throws IOException {
    assertThat(verify().err()).contains("expected a heed.lock, got none");
    Files.writeString(folder.resolve("heed.lock"), "{\"version\":2}");
    assertThat(verify().err()).contains("version 1");
    Files.writeString(
        folder.resolve("heed.lock"),
        "{\"version\":1,\"files\":{\"config.json\":{\"bytes\":2,\"sha256\":\"x\"}}}");
    assertThat(verify().exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(CommandRun.heed("lock", folder.resolve("none").toString()).exit())
        .isEqualTo(ExitStatus.BAD_INPUT);
  }
}
