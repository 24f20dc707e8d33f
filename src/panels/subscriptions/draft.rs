//! A subscription while it is typed, and what is to be said of it. Pure.

use crate::message::QoS;
use crate::mqtt::filter::{self, covers, overlaps};
use crate::mqtt::options::{RetainHandling, Subscription};

/// The largest subscription identifier (MQTT 5.0, 3.8.2.1.2).
const IDENTIFIER_MAX: u32 = 268_435_455;
/// With more subscriptions than this, nobody reads which of them overlap; comparing all would take too long.
const COMPARED_MAX: usize = 400;

/// A subscription as the fields hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Topic filter.
    pub filter: String,
    /// The highest QoS.
    pub qos: QoS,
    /// MQTT 5 only.
    pub no_local: bool,
    /// MQTT 5 only.
    pub retain_as_published: bool,
    /// MQTT 5 only.
    pub retain_handling: RetainHandling,
    /// MQTT 5 only; empty: none.
    pub identifier: String,
    /// Whether it is subscribed to; kept as it was while it is changed.
    pub disabled: bool,
}

impl Draft {
    /// The fields of a subscription.
    pub fn of(subscription: &Subscription) -> Self {
        let Subscription { filter, qos, no_local, retain_as_published, retain_handling, identifier, enabled } =
            subscription.clone();
        let identifier = identifier.map_or_else(String::new, |number| number.to_string());
        Self { filter, qos, no_local, retain_as_published, retain_handling, identifier, disabled: !enabled }
    }

    /// The subscription, or what keeps it from being one.
    pub fn subscription(&self) -> Result<Subscription, String> {
        filter::check_filter(&self.filter).map_err(|error| sentence(&error.to_string()))?;
        let identifier = match self.identifier.trim() {
            "" => None,
            text => match text.parse() {
                Ok(number @ 1..=IDENTIFIER_MAX) => Some(number),
                _ => return Err("An identifier is a number from 1 to 268,435,455".to_owned()),
            },
        };
        Ok(Subscription {
            filter: self.filter.clone(),
            qos: self.qos,
            no_local: self.no_local,
            retain_as_published: self.retain_as_published,
            retain_handling: self.retain_handling,
            identifier,
            enabled: !self.disabled,
        })
    }

    /// Whether anything is chosen that only MQTT 5 has.
    pub fn has_options(&self) -> bool {
        let plain =
            Self { filter: self.filter.clone(), qos: self.qos, disabled: self.disabled, ..Self::default() };
        *self != plain
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// What a choice of retained messages is called.
pub fn retain_handling_name(handling: RetainHandling) -> &'static str {
    match handling {
        RetainHandling::Send => "Send them",
        RetainHandling::SendIfNew => "Send them if new",
        RetainHandling::DoNotSend => "Do not send them",
    }
}

/// What is chosen besides the QoS, in short: `no local, identifier 7`.
pub fn options_text(subscription: &Subscription) -> String {
    let handling = match subscription.retain_handling {
        RetainHandling::Send => None,
        RetainHandling::SendIfNew => Some("retained if new".to_owned()),
        RetainHandling::DoNotSend => Some("no retained".to_owned()),
    };
    let parts = [
        subscription.no_local.then(|| "no local".to_owned()),
        subscription.retain_as_published.then(|| "retain as published".to_owned()),
        handling,
        subscription.identifier.map(|number| format!("identifier {number}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

const TWICE: &str = "brokers may deliver such messages twice";

/// What is to be said of one filter beside others that are subscribed to.
pub fn overlap_note<'a>(filter: &str, others: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let others = others.take(COMPARED_MAX);
    if let Some(wide) = others.clone().find(|other| covers(other, filter)) {
        return Some(format!("{wide} covers {filter}: {TWICE}"));
    }
    if let Some(narrow) = others.clone().find(|other| covers(filter, other)) {
        return Some(format!("{filter} covers {narrow}: {TWICE}"));
    }
    let other = others.clone().find(|other| overlaps(other, filter))?;
    Some(format!("{filter} overlaps {other}: {TWICE}"))
}

/// What is to be said of each subscription of a list (its filter, and whether it is on): each pair is named once, where it
/// is covered, or where it comes second.
pub fn overlap_notes(list: &[(&str, bool)]) -> Vec<Option<String>> {
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
                return Some(format!("{wide} covers {filter}: {TWICE}"));
            }
            let (_, other) = others
                .find(|(other, with)| *other < index && overlaps(with, filter) && !covers(filter, with))?;
            Some(format!("{filter} overlaps {other}: {TWICE}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_subscription_says_why() {
        let draft = |filter: &str, identifier: &str| Draft {
            filter: filter.to_owned(),
            identifier: identifier.to_owned(),
            ..Draft::default()
        };
        assert!(draft("a/#/b", "").subscription().unwrap_err().starts_with("# must be the last"));
        assert!(draft("", "").subscription().unwrap_err().starts_with("The topic filter is empty"));
        for identifier in ["0", "-1", "x", "268435456"] {
            assert!(draft("a", identifier).subscription().is_err(), "{identifier}");
        }
        assert_eq!(draft("a", " 7 ").subscription().unwrap().identifier, Some(7));
    }

    #[test]
    fn a_subscription_goes_through_the_fields_unchanged() {
        let subscription = Subscription {
            no_local: true,
            retain_handling: RetainHandling::DoNotSend,
            identifier: Some(7),
            enabled: false,
            ..Subscription::new("a/+", QoS::AtLeastOnce)
        };
        let draft = Draft::of(&subscription);
        assert_eq!(draft.subscription().unwrap(), subscription);
        assert!(draft.has_options() && !Draft::of(&Subscription::default()).has_options());
        assert_eq!(options_text(&subscription), "no local, no retained, identifier 7");
    }

    #[test]
    fn overlapping_filters_are_named_once() {
        let notes =
            |list: &[&str]| overlap_notes(&list.iter().map(|filter| (*filter, true)).collect::<Vec<_>>());
        assert_eq!(
            notes(&["plant/#", "plant/+/state", "home/#"]),
            [None, Some(format!("plant/# covers plant/+/state: {TWICE}")), None]
        );
        assert_eq!(notes(&["a", "#"]), [Some(format!("# covers a: {TWICE}")), None]);
        assert_eq!(notes(&["a/+", "+/b"]), [None, Some(format!("+/b overlaps a/+: {TWICE}"))]);
        assert_eq!(
            notes(&["a", "$share/g/a"]),
            [None, Some(format!("a covers $share/g/a: {TWICE}"))],
            "both take the same: said where it comes second"
        );
        assert_eq!(notes(&["#", "$SYS/#"]), [None, None]);
        assert_eq!(overlap_notes(&[("#", false), ("a", true)]), [None, None], "what is off delivers nothing");
    }

    #[test]
    fn what_is_typed_is_compared_with_what_is_there() {
        let others = ["plant/#", "x/y"];
        let note = |filter: &str| overlap_note(filter, others.iter().copied());
        assert_eq!(note("plant/a").unwrap(), format!("plant/# covers plant/a: {TWICE}"));
        assert_eq!(note("+/y").unwrap(), format!("+/y covers x/y: {TWICE}"));
        assert_eq!(note("home/#"), None);
    }
}
