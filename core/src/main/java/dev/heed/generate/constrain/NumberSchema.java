package dev.heed.generate.constrain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Numbers of a schema: whole ones between bounds, or fractional ones from 0 on or any. */
final class NumberSchema {
  private NumberSchema() {}

  static Expression of(Keywords keywords, boolean whole) {
    BigDecimal least = number(keywords, "minimum");
    BigDecimal above = number(keywords, "exclusiveMinimum");
    BigDecimal most = number(keywords, "maximum");
    BigDecimal below = number(keywords, "exclusiveMaximum");
    if (whole) {
      if (least == null && above == null && most == null && below == null) {
        return JsonSyntax.INTEGER;
      }
      return IntegerRange.of(
          stricter(
              least == null ? null : least.setScale(0, RoundingMode.CEILING).toBigIntegerExact(),
              above == null
                  ? null
                  : above.setScale(0, RoundingMode.FLOOR).toBigIntegerExact().add(BigInteger.ONE),
              1),
          stricter(
              most == null ? null : most.setScale(0, RoundingMode.FLOOR).toBigIntegerExact(),
              below == null
                  ? null
                  : below
                      .setScale(0, RoundingMode.CEILING)
                      .toBigIntegerExact()
                      .subtract(BigInteger.ONE),
              -1));
    }
    boolean fromZero = least != null && least.signum() == 0;
    if (above != null || most != null || below != null || least != null && !fromZero) {
      throw new GrammarException(
          keywords.where()
              + ": expected bounds of integers, or a minimum of 0, got others of a number");
    }
    return fromZero ? JsonSyntax.POSITIVE : JsonSyntax.NUMBER;
  }

  private static @Nullable BigInteger stricter(
      @Nullable BigInteger a, @Nullable BigInteger b, int sign) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return sign > 0 ? a.max(b) : a.min(b);
  }

  private static @Nullable BigDecimal number(Keywords keywords, String key) {
    if (!keywords.has(key)) {
      return null;
    }
    JsonNode value = keywords.take(key);
    if (!value.isNumber()
        || value.decimalValue().precision() > 100
        || Math.abs(value.decimalValue().scale()) > 100) {
      throw new GrammarException(
          keywords.where() + ", " + key + ": expected a number of at most 100 digits");
    }
    return value.decimalValue();
  }
}
