package dev.heed.bench.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@Tag("unit")
class MemorySizeTest {
  @ParameterizedTest
  @CsvSource({"4G,4 GB", "1.5g,1.5 GB", "512M,512 MB", "64KB,0 MB", "2048M,2 GB"})
  void reads_what_people_write(String text, String printed) {
    assertThat(new MemorySize.Converter().convert(text)).hasToString(printed);
  }

  @Test
  void counts_in_powers_of_1024() {
    assertThat(new MemorySize.Converter().convert("3K").bytes()).isEqualTo(3072);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "G", "-1G", "4T", "0G", "1e9G"})
  void refuses_anything_else(String text) {
    assertThatThrownBy(() -> new MemorySize.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("512M or 4G");
  }
}
