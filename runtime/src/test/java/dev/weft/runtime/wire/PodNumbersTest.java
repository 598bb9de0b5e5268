package dev.weft.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PodNumbersTest {

    @Test
    void aNumberInUseIsPassedOverWhenTheyBeginAgain() {
        PodNumbers numbers = new PodNumbers(3);
        assertThat(numbers.take()).isEqualTo(0);
        assertThat(numbers.take()).isEqualTo(1);
        numbers.giveBack(1);
        assertThat(numbers.take()).isEqualTo(2);
        assertThat(numbers.take()).isEqualTo(1);
        assertThatThrownBy(numbers::take).hasMessageContaining("in use");
    }
}
