package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.Money;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An amount that may be spent in a calendar window.
@ValidationRule(
    value = "self.action == 'Degrade' || !has(self.degradeTo)",
    message = "degradeTo is only read with action: Degrade; write action: Degrade or leave it out")
@ValidationRule(
    value = "self.action != 'Degrade' || has(self.degradeTo)",
    message = "action: Degrade needs degradeTo, the public name of a cheaper model")
public record Budget(
    @JsonPropertyDescription("What may be spent, as a decimal string such as \"50.00\".")
        @Required
        @Money
        BigDecimal amount,
    @JsonPropertyDescription("US dollars, or credits: a hundred credits are a dollar.")
        @Default("USD")
        Unit unit,
    @JsonPropertyDescription("The calendar window; Total never ends.") @Default("Month")
        Window window,
    @JsonPropertyDescription("The IANA time zone that days, weeks and months begin in.")
        @Default("UTC")
        @Size(min = 1, max = 64)
        String timeZone,
    @JsonPropertyDescription(
            "HardStop: 402 once it is spent. Degrade: requests go to degradeTo. Warn: nothing but"
                + " an event and a metric.")
        @Default("HardStop")
        Action action,
    @JsonPropertyDescription("With action: Degrade, the public model name to answer with.")
        @Size(min = 1, max = 253)
        @Nullable String degradeTo,
    @JsonPropertyDescription("Percentages of the amount at which a warning is given besides 100.")
        @Default("[80, 95]")
        @Size(max = 10)
        List<@Min(1) @Max(100) Integer> warnAt) {

  public Budget {
    unit = Absent.or(unit, Unit.USD);
    window = Absent.or(window, Window.MONTH);
    timeZone = Absent.or(timeZone, "UTC");
    action = Absent.or(action, Action.HARD_STOP);
    warnAt = List.copyOf(Absent.or(warnAt, List.of(80, 95)));
  }

  /// What the amount counts.
  public enum Unit {
    USD,
    @JsonProperty("Credits")
    CREDITS
  }

  /// When counting begins anew.
  public enum Window {
    @JsonProperty("Day")
    DAY,
    @JsonProperty("Week")
    WEEK,
    @JsonProperty("Month")
    MONTH,
    @JsonProperty("Total")
    TOTAL
  }

  /// What happens when it is spent.
  public enum Action {
    @JsonProperty("HardStop")
    HARD_STOP,
    @JsonProperty("Degrade")
    DEGRADE,
    @JsonProperty("Warn")
    WARN
  }
}
