package ai.oneflow.operator.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// A caller's key: `of_live_`, 40 random digits of base 62, and 6 digits of checksum.
///
/// The 40 digits hold 238 bits, so nobody guesses one. The checksum is the CRC-32 of all that goes
/// before it (ISO-HDLC, as in gzip), in base 62 with leading zeros. It lets a scanner tell a key
/// from text that merely looks like one, and a typing error from a key that was revoked; it is no
/// protection, that is what the digits are for.
///
/// The plaintext shows in no `toString`; only [#reveal()] gives it.
public final class MintedKey {
  /// How every key begins.
  public static final String PREFIX = "of_live_";

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_DIGITS = 40;
  private static final int CHECKSUM_DIGITS = 6;
  private static final int SHOWN_DIGITS = 4;
  private static final int BODY = PREFIX.length() + RANDOM_DIGITS;
  private static final int LENGTH = BODY + CHECKSUM_DIGITS;

  private final String plaintext;

  private MintedKey(String plaintext) {
    this.plaintext = plaintext;
  }

  /// Makes a key.
  ///
  /// @param random a [java.security.SecureRandom] wherever the key will be used
  public static MintedKey mint(RandomGenerator random) {
    StringBuilder body = new StringBuilder(LENGTH).append(PREFIX);
    while (body.length() < BODY) {
      body.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return new MintedKey(body + checksum(body.toString()));
  }

  /// Reads a key; empty where the text is none, by form or by checksum.
  public static Optional<MintedKey> parse(String text) {
    boolean wellFormed =
        text.length() == LENGTH
            && text.startsWith(PREFIX)
            && text.substring(PREFIX.length()).chars().allMatch(c -> DIGITS.indexOf(c) >= 0)
            && text.substring(BODY).equals(checksum(text.substring(0, BODY)));
    return wellFormed ? Optional.of(new MintedKey(text)) : Optional.empty();
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    long rest = crc.getValue();
    char[] digits = new char[CHECKSUM_DIGITS];
    for (int i = CHECKSUM_DIGITS - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
      rest /= DIGITS.length();
    }
    return new String(digits);
  }

  /// The plaintext, for the Secret of its ApiKey and for nothing else.
  public String reveal() {
    return plaintext;
  }

  /// What gateways know it by: SHA-256, 64 lower-case hexadecimal digits.
  public String sha256() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(plaintext.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Enough of it to recognise it by, and of no use to guess it from.
  public String shown() {
    return plaintext.substring(0, PREFIX.length() + SHOWN_DIGITS);
  }

  @Override
  public String toString() {
    return shown() + "…";
  }
}
