//! A subscription being typed, and which filters overlap. Pure.

use crate::message::QoS;
use crate::mqtt::filter::{self, InvalidTopic, covers, overlaps};
use crate::mqtt::limits::SUBSCRIPTION_IDENTIFIER_MAX;
use crate::mqtt::options::{RetainHandling, Subscription};
use crate::words::{self, Language, subscriptions};

/// With more subscriptions than this they are not compared, which would take too long; nobody would read the result.
const COMPARED_MAX: usize = 400;

/// A subscription as the fields hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionDraft {
    /// Topic filter.
    pub filter: String,
    /// Maximum QoS.
    pub qos: QoS,
    /// No local; MQTT 5 only.
    pub no_local: bool,
    /// Retain as published; MQTT 5 only.
    pub retain_as_published: bool,
    /// Retain handling; MQTT 5 only.
    pub retain_handling: RetainHandling,
    /// Subscription identifier, or empty; MQTT 5 only.
    pub identifier: String,
    /// User properties, which no field shows; MQTT 5 only.
    pub user_properties: Vec<(String, String)>,
    /// Whether it is turned off. Editing a subscription does not change this.
    pub disabled: bool,
}

impl Default for SubscriptionDraft {
    fn default() -> Self {
        let empty = Subscription { filter: String::new(), ..Subscription::default() };
        Self::of(&empty)
    }
}

/// Why what stands in the fields is no subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSubscription {
    /// The topic filter is invalid.
    Filter(InvalidTopic),
    /// The identifier is not a number from 1 to [`SUBSCRIPTION_IDENTIFIER_MAX`].
    Identifier,
}

impl NoSubscription {
    /// The error as a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Filter(invalid) => words::filter::capitalised(*invalid, language),
            Self::Identifier => subscriptions::IDENTIFIER_RANGE.of(language).to_owned(),
        }
    }
}

impl SubscriptionDraft {
    /// Creates the fields for a subscription.
    pub fn of(subscription: &Subscription) -> Self {
        let Subscription {
            filter,
            qos,
            no_local,
            retain_as_published,
            retain_handling,
            identifier,
            user_properties,
            enabled,
        } = subscription.clone();
        Self {
            filter,
            qos,
            no_local,
            retain_as_published,
            retain_handling,
            identifier: identifier.map_or_else(String::new, |number| number.to_string()),
            user_properties,
            disabled: !enabled,
        }
    }

    /// The subscription, or why it is invalid.
    pub fn subscription(&self) -> Result<Subscription, NoSubscription> {
        filter::check_filter(&self.filter).map_err(NoSubscription::Filter)?;
        let identifier = match self.identifier.trim() {
            "" => None,
            text => match text.parse() {
                Ok(number @ 1..=SUBSCRIPTION_IDENTIFIER_MAX) => Some(number),
                _ => return Err(NoSubscription::Identifier),
            },
        };
        Ok(Subscription {
            filter: self.filter.clone(),
            qos: self.qos,
            no_local: self.no_local,
            retain_as_published: self.retain_as_published,
            retain_handling: self.retain_handling,
            identifier,
            user_properties: self.user_properties.clone(),
            enabled: !self.disabled,
        })
    }

    /// Whether anything that only MQTT 5 has was chosen or turned off.
    pub fn has_options(&self) -> bool {
        let plain =
            Self { filter: self.filter.clone(), qos: self.qos, disabled: self.disabled, ..Self::default() };
        *self != plain
    }
}

/// Two filters that match some of the same topics, so that a broker may deliver a message twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// `wide` matches everything that `narrow` matches.
    Covered {
        /// The filter that matches more.
        wide: String,
        /// The filter that matches less.
        narrow: String,
    },
    /// Some topics match both filters.
    Partial {
        /// The filter that the warning is about.
        filter: String,
        /// The filter it overlaps with.
        other: String,
    },
}

impl Overlap {
    fn covered(wide: &str, narrow: &str) -> Self {
        Self::Covered { wide: wide.to_owned(), narrow: narrow.to_owned() }
    }

    fn partial(filter: &str, other: &str) -> Self {
        Self::Partial { filter: filter.to_owned(), other: other.to_owned() }
    }

    /// The warning as a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Covered { wide, narrow } => subscriptions::covers(wide, narrow, language),
            Self::Partial { filter, other } => subscriptions::overlaps(filter, other, language),
        }
    }
}

/// How a filter overlaps with the others, if it does.
pub fn overlap<'a>(filter: &str, others: impl Iterator<Item = &'a str> + Clone) -> Option<Overlap> {
    let others = others.take(COMPARED_MAX);
    if let Some(wide) = others.clone().find(|other| covers(other, filter)) {
        return Some(Overlap::covered(wide, filter));
    }
    if let Some(narrow) = others.clone().find(|other| covers(filter, other)) {
        return Some(Overlap::covered(filter, narrow));
    }
    let other = others.clone().find(|other| overlaps(other, filter))?;
    Some(Overlap::partial(filter, other))
}

/// How each subscription in a list (its filter, and whether it is on) overlaps with another one. Each pair is reported
/// once: for the covered one, or otherwise for the second.
pub fn overlaps_within(list: &[(&str, bool)]) -> Vec<Option<Overlap>> {
    let enabled = |index: usize| list.get(index).filter(|(_, on)| *on).map(|(filter, _)| *filter);
    (0..list.len())
        .map(|index| {
            let filter = enabled(index)?;
            let others = (0..list.len().min(COMPARED_MAX)).filter(|other| *other != index);
            let mut others = others.filter_map(|other| enabled(other).map(|filter| (other, filter)));
            let covering = others
                .clone()
                .find(|(other, wide)| covers(wide, filter) && (*other < index || !covers(filter, wide)));
            if let Some((_, wide)) = covering {
                return Some(Overlap::covered(wide, filter));
            }
            let (_, other) = others
                .find(|(other, with)| *other < index && overlaps(with, filter) && !covers(filter, with))?;
            Some(Overlap::partial(filter, other))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_subscription_says_why() {
        let draft = |filter: &str, identifier: &str| SubscriptionDraft {
            filter: filter.to_owned(),
            identifier: identifier.to_owned(),
            ..SubscriptionDraft::default()
        };
        let why = |draft: SubscriptionDraft| draft.subscription().unwrap_err().text(Language::English);
        assert!(why(draft("a/#/b", "")).starts_with("# must be the last"));
        assert!(why(draft("", "")).starts_with("The topic filter is empty"));
        for identifier in ["0", "-1", "x", "268435456"] {
            assert_eq!(
                draft("a", identifier).subscription(),
                Err(NoSubscription::Identifier),
                "{identifier}"
            );
        }
        assert_eq!(draft("a", " 7 ").subscription().unwrap().identifier, Some(7));
    }

    #[test]
    fn a_subscription_goes_through_the_fields_unchanged() {
        let subscription = Subscription {
            no_local: true,
            retain_handling: RetainHandling::DoNotSend,
            identifier: Some(7),
            user_properties: vec![("name".to_owned(), "value".to_owned())],
            enabled: false,
            ..Subscription::new("a/+", QoS::AtLeastOnce)
        };
        let draft = SubscriptionDraft::of(&subscription);
        assert_eq!(draft.subscription().unwrap(), subscription);
        assert!(draft.has_options() && !SubscriptionDraft::of(&Subscription::default()).has_options());
    }

    #[test]
    fn overlapping_filters_are_named_once() {
        let within =
            |list: &[&str]| overlaps_within(&list.iter().map(|filter| (*filter, true)).collect::<Vec<_>>());
        assert_eq!(
            within(&["plant/#", "plant/+/state", "home/#"]),
            [None, Some(Overlap::covered("plant/#", "plant/+/state")), None]
        );
        assert_eq!(within(&["a", "#"]), [Some(Overlap::covered("#", "a")), None]);
        assert_eq!(within(&["a/+", "+/b"]), [None, Some(Overlap::partial("+/b", "a/+"))]);
        assert_eq!(
            within(&["a", "$share/g/a"]),
            [None, Some(Overlap::covered("a", "$share/g/a"))],
            "both take the same: said where it comes second"
        );
        assert_eq!(within(&["#", "$SYS/#"]), [None, None]);
        assert_eq!(
            overlaps_within(&[("#", false), ("a", true)]),
            [None, None],
            "what is off delivers nothing"
        );
    }

    #[test]
    fn what_is_typed_is_compared_with_what_is_there() {
        let others = ["plant/#", "x/y"];
        let with = |filter: &str| overlap(filter, others.iter().copied());
        assert_eq!(with("plant/a"), Some(Overlap::covered("plant/#", "plant/a")));
        assert_eq!(with("+/y"), Some(Overlap::covered("+/y", "x/y")));
        assert_eq!(with("home/#"), None);
    }
}
