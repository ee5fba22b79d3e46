//! Which ties count where the network is looked at in part.

use tieline_lake::Rules;
use tieline_model::interaction::Channel;
use tieline_web::{Least, TieKind};

/// Which ties are left out of a look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// Ties of this kind alone.
    pub(crate) kind: Option<TieKind>,
    /// How strong a tie has to be.
    pub(crate) least: Least,
}

impl Filter {
    /// Whether ties of this kind count.
    pub(crate) fn takes(&self, kind: TieKind) -> bool {
        self.kind.is_none_or(|only| only == kind)
    }

    /// The rules with nothing but this kind of tie, and from this strength on. Channels without
    /// weight add nothing, so the segments serve as they are.
    pub(crate) fn narrow(&self, rules: &Rules) -> Rules {
        let mut narrow = rules.clone();
        for channel in Channel::ALL {
            if self.kind.is_some_and(|kind| !kind.takes(*channel)) {
                narrow.params.channel_weights.set(*channel, 0.0);
            }
        }
        if let Some(probability) = self.least.probability() {
            // p = 1 - exp(-s/kappa) turned round; never below what makes a working tie.
            let strength = -narrow.params.saturation * (-probability).ln_1p();
            narrow.params.threshold = narrow.params.threshold.max(strength);
        }
        narrow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_leaves_one_kind_and_raises_the_threshold() {
        let filter = Filter { kind: Some(TieKind::Meeting), least: Least::Middling };
        let narrow = filter.narrow(&Rules::default()).params;
        let plain = Rules::default().params;
        for channel in Channel::ALL {
            let weight = plain.channel_weights.of(*channel);
            let kept = if TieKind::Meeting.takes(*channel) { weight } else { 0.0 };
            assert!((narrow.channel_weights.of(*channel) - kept).abs() < 1e-12, "{channel:?}");
        }
        // METHODS 1.1: p = 1 - exp(-s/5) is 0.4 at s = -5 ln 0.6.
        assert!((narrow.threshold - 2.554_128).abs() < 1e-6);
        assert_eq!(Filter::default().narrow(&Rules::default()).params, plain);
        let calls = Filter { kind: Some(TieKind::Call), ..Filter::default() };
        assert!(!calls.takes(TieKind::Stated) && Filter::default().takes(TieKind::Stated));
    }
}
