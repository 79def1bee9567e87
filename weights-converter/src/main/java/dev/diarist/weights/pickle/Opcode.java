package dev.diarist.weights.pickle;

/**
 * The opcodes that are read, some of which are written; any other is an error.
 *
 * <p>Source: the opcode table of CPython's pickletools.
 */
enum Opcode {
  PROTO(0x80),
  FRAME(0x95),
  STOP('.'),
  MARK('('),
  POP('0'),
  POP_MARK('1'),
  DUP('2'),

  NONE('N'),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  INT('I'),
  LONG('L'),
  BININT('J'),
  BININT1('K'),
  BININT2('M'),
  LONG1(0x8a),
  LONG4(0x8b),
  FLOAT('F'),
  BINFLOAT('G'),

  BINUNICODE('X'),
  SHORT_BINUNICODE(0x8c),
  BINUNICODE8(0x8d),
  BINSTRING('T'),
  SHORT_BINSTRING('U'),
  BINBYTES('B'),
  SHORT_BINBYTES('C'),
  BINBYTES8(0x8e),

  EMPTY_LIST(']'),
  LIST('l'),
  APPEND('a'),
  APPENDS('e'),
  EMPTY_TUPLE(')'),
  TUPLE('t'),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  EMPTY_DICT('}'),
  DICT('d'),
  SETITEM('s'),
  SETITEMS('u'),

  PUT('p'),
  BINPUT('q'),
  LONG_BINPUT('r'),
  MEMOIZE(0x94),
  GET('g'),
  BINGET('h'),
  LONG_BINGET('j'),

  GLOBAL('c'),
  STACK_GLOBAL(0x93),
  REDUCE('R'),
  NEWOBJ(0x81),
  BUILD('b'),
  PERSID('P'),
  BINPERSID('Q');

  private static final Opcode[] BY_CODE = new Opcode[256];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if the opcode is not one of those that are read
   */
  static Opcode of(int code) {
    Opcode opcode = BY_CODE[code];
    if (opcode == null) {
      throw new IllegalArgumentException("the opcode 0x%02x is not read".formatted(code));
    }
    return opcode;
  }
}
