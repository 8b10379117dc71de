package ai.oneflow.operator.keys;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ApiKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MintedKeyTest {
  private final MintedKey key = MintedKey.mint(new Random(7));

  @Test
  void hasItsForm() {
    assertThat(key.reveal()).matches("of_live_[0-9A-Za-z]{46}");
    assertThat(key.sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void isAnotherEachTime() {
    SecureRandom random = new SecureRandom();

    assertThat(MintedKey.mint(random).reveal()).isNotEqualTo(MintedKey.mint(random).reveal());
  }

  @Test
  void isReadBack() {
    assertThat(MintedKey.parse(key.reveal()).map(MintedKey::sha256)).contains(key.sha256());
  }

  @Property
  void aChangedCharacterIsNoticed(@ForAll @IntRange(min = 0, max = 53) int at) {
    char[] changed = key.reveal().toCharArray();
    changed[at] = changed[at] == 'x' ? 'y' : 'x';

    assertThat(MintedKey.parse(new String(changed))).isEmpty();
  }

  @Test
  void otherTextIsNoKey() {
    assertThat(MintedKey.parse("")).isEmpty();
    assertThat(MintedKey.parse(key.reveal() + "0")).isEmpty();
    assertThat(MintedKey.parse(key.reveal().substring(1))).isEmpty();
  }

  @Test
  void neverShowsItself() {
    assertThat(key.toString()).hasSize(13).startsWith("of_live_").endsWith("…");
  }

  @Test
  void itsSecretIsKnownByItsOwner() {
    ApiKey owner = owner("a-uid");
    Secret secret = KeySecret.of(owner, key, KeyHistory.begun(Instant.EPOCH, ""));

    assertThat(secret.getMetadata().getName()).isEqualTo("search-key");
    assertThat(KeySecret.read(secret).map(MintedKey::reveal)).contains(key.reveal());
    assertThat(KeySecret.isOwned(secret, owner)).isTrue();
    assertThat(KeySecret.isOwned(secret, owner("that-of-a-later-one"))).isFalse();
  }

  private static ApiKey owner(String uid) {
    ApiKey owner = new ApiKey();
    owner.setMetadata(
        new ObjectMetaBuilder().withNamespace("ai").withName("search").withUid(uid).build());
    return owner;
  }
}
