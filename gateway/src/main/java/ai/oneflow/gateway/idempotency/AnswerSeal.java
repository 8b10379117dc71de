package ai.oneflow.gateway.idempotency;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// Seals an answer so that its caller alone can have it read: AES-256-GCM (NIST SP 800-38D) under a
/// key that is derived (HKDF-SHA256, RFC 5869) from the secret that the caller presents with each
/// request and that is stored nowhere.
///
/// Sealed bytes are a nonce of 12 random bytes, the ciphertext and a tag of 16.
public final class AnswerSeal {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;
  private static final byte[] PURPOSE = "oneflow stored answer 1".getBytes(US_ASCII);

  private final byte[] secret;
  private final byte[] context;

  /// @param secret the caller's key, as it was presented
  /// @param context what is sealed opens in no other one
  public AnswerSeal(byte[] secret, String context) {
    this.secret = secret.clone();
    this.context = context.getBytes(US_ASCII);
  }

  /// Takes about a millisecond for a mebibyte.
  public byte[] seal(byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 has HKDF-SHA256 and AES-GCM", e);
    }
  }

  /// Empty where the bytes were sealed with another secret, in another context, or changed.
  public Optional<byte[]> open(byte[] sealed) {
    if (sealed.length < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES));
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    return cipher;
  }

  private SecretKey key() throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveKey(
            "AES",
            HKDFParameterSpec.ofExtract()
                .addIKM(secret)
                .addSalt(context)
                .thenExpand(PURPOSE, KEY_BYTES));
  }
}
