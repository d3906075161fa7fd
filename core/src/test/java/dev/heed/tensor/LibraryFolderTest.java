package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "checks POSIX permissions")
class LibraryFolderTest {
  private static final String NAME = ".javacpp/cache";

  @TempDir private Path folder;

  private Path temporary() throws IOException {
    return Files.createDirectories(folder.resolve("tmp"));
  }

  @Test
  void a_home_that_may_be_written_is_taken() throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    assertThat(LibraryFolder.of(home, temporary(), NAME)).isEqualTo(home.resolve(NAME));
    assertThat(Files.list(temporary())).isEmpty();
  }

  @Test
  void without_a_home_the_account_gets_a_folder_of_its_own() throws IOException {
    for (Path home : new Path[] {Path.of("?"), Path.of(""), folder.resolve("nonexistent")}) {
      Path got = temporary().relativize(LibraryFolder.of(home, temporary(), NAME));
      assertThat(got.toString()).matches("heed-\\d+/.javacpp/cache");
      Path own = temporary().resolve(got.getName(0));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void a_folder_that_others_may_write_to_is_refused() throws IOException {
    Path own = LibraryFolder.of(Path.of("?"), temporary(), "");
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> LibraryFolder.of(Path.of("?"), temporary(), "x"))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("that this account alone may write to")
        .hasMessageContaining("name a folder by -Dorg.bytedeco.javacpp.cachedir=DIR");
  }

  @Test
  void a_link_that_somebody_laid_there_is_refused() throws IOException {
    Path own = LibraryFolder.of(Path.of("?"), temporary(), "");
    Files.delete(own);
    Files.createSymbolicLink(own, Files.createDirectory(folder.resolve("elsewhere")));
    assertThatThrownBy(() -> LibraryFolder.of(Path.of("?"), temporary(), "x"))
        .isInstanceOf(TensorException.class);
  }
}
