package dev.heed.tensor;

/** What an {@link Engine} computes element by element. */
interface ElementOperators {
  /** A function of each element. */
  enum Unary {
    NEG("neg"),
    ABS("abs"),
    SIGN("sign"),
    EXP("exp"),
    LOG("log"),
    EXPM1("expm1"),
    LOG1P("log1p"),
    SQRT("sqrt"),
    RSQRT("rsqrt"),
    SQUARE("square"),
    RECIPROCAL("reciprocal"),
    SIN("sin"),
    COS("cos"),
    TANH("tanh"),
    SIGMOID("sigmoid"),
    RELU("relu"),
    ERF("erf"),
    FLOOR("floor"),
    CEIL("ceil"),
    ROUND("round"),
    GELU("gelu"),
    GELU_TANH("gelu"),
    SILU("silu"),
    SOFTPLUS("softplus"),
    ELU("elu"),
    NOT("not"),
    IS_NAN("isNan"),
    IS_FINITE("isFinite");

    /** What messages call it. */
    final String label;

    Unary(String label) {
      this.label = label;
    }
  }

  /** A function of two elements at one place, or of each element and a number. */
  enum Binary {
    ADD("add"),
    SUB("sub"),
    MUL("mul"),
    DIV("div"),
    POW("pow"),
    REMAINDER("remainder"),
    FLOOR_DIV("floorDiv"),
    MINIMUM("minimum"),
    MAXIMUM("maximum"),
    EQ("eq"),
    NE("ne"),
    LT("lt"),
    LE("le"),
    GT("gt"),
    GE("ge"),
    AND("and"),
    OR("or");

    /** What messages call it. */
    final String label;

    Binary(String label) {
      this.label = label;
    }
  }

  Tensor unary(Unary op, Tensor x);

  Tensor binary(Binary op, Tensor x, Tensor y);

  Tensor binary(Binary op, Tensor x, double number);

  Tensor clamp(Tensor x, double low, double high);

  Tensor where(Tensor condition, Tensor yes, Tensor no);

  Tensor maskedFill(Tensor x, Tensor mask, double value);
}
