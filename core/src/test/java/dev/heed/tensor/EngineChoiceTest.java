package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class EngineChoiceTest {
  private static final String CLASS = "org/bytedeco/pytorch/global/torch.class";

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, '', linux-x86_64, libjnitorch.so",
    "Linux, aarch64, '', linux-arm64, libjnitorch.so",
    "Linux, amd64, -gpu, linux-x86_64-gpu, libjnitorch.so",
    "Mac OS X, aarch64, '', macosx-arm64, libjnitorch.dylib",
    "Mac OS X, x86_64, '', macosx-x86_64, libjnitorch.dylib",
    "Windows 11, amd64, '', windows-x86_64, jnitorch.dll",
  })
  void platforms_have_the_names_of_the_presets(
      String system, String processor, String extension, String directory, String library) {
    PresetPlatform platform = PresetPlatform.of(system, processor, extension);
    assertThat(platform.directory()).isEqualTo(directory);
    assertThat(platform.library("jnitorch")).isEqualTo(library);
    String there = "org/bytedeco/pytorch/" + directory + "/" + library;
    assertThat(EngineChoice.found(Set.of(CLASS, there)::contains, platform).kind())
        .isEqualTo(EngineChoice.Kind.LIBTORCH);
  }

  @Test
  void this_process_has_the_platform_that_the_presets_say() {
    assertThat(PresetPlatform.here().directory())
        .isEqualTo(org.bytedeco.javacpp.Loader.getPlatform());
  }

  @Test
  void without_classes_or_natives_java_computes_and_says_why() {
    PresetPlatform platform = new PresetPlatform("linux-arm64");
    EngineChoice none = EngineChoice.found(name -> false, platform);
    assertThat(none.kind()).isEqualTo(EngineChoice.Kind.JAVA);
    assertThat(none.reason()).contains("not in the class path").contains("heed-libtorch");
    EngineChoice bare = EngineChoice.found(Set.of(CLASS)::contains, platform);
    assertThat(bare.kind()).isEqualTo(EngineChoice.Kind.JAVA);
    assertThat(bare.reason()).contains("without its native library for linux-arm64");
  }
}
