//! Topics that begin like what is typed, taken from the tree level by level.

use crate::model::{Model, NodeId};

/// The most suggestions.
pub const SUGGESTIONS_MAX: usize = 8;
/// The most levels that are looked at: a parent may have a million.
const LOOKED_AT_MAX: usize = 5_000;

/// A topic that begins like what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The whole topic, up to the level that is being typed; with a `/` if only deeper levels have messages.
    pub topic: String,
    /// Whether levels stand below it.
    pub has_children: bool,
}

/// The suggestions for what is typed, by name. The last level decides, ignoring case; what is typed whole is not suggested.
pub fn suggestions(model: &Model, typed: &str) -> Vec<Suggestion> {
    let (above, begun) = typed.rsplit_once('/').map_or((None, typed), |(above, begun)| (Some(above), begun));
    let parent = match above {
        None => Some(NodeId::ROOT),
        Some(above) => model.find(above.as_bytes()),
    };
    let Some(parent) = parent else { return Vec::new() };
    let begun_lower = begun.to_lowercase();
    let children = model.children(parent).take(LOOKED_AT_MAX).filter_map(|id| model.node(id));
    let mut found: Vec<Suggestion> = children
        .filter(|node| node.topic.is_some() || node.topics_below > 0)
        .filter_map(|node| {
            let segment = std::str::from_utf8(node.segment).ok()?;
            let fits = segment.to_lowercase().starts_with(&begun_lower);
            // Wildcards come up in no topic, and what is internal to the broker cannot be published to.
            if !fits || (above.is_none() && segment.starts_with('$')) {
                return None;
            }
            let has_children = node.children > 0;
            let slash = if has_children && node.topic.is_none() { "/" } else { "" };
            let prefix = above.map_or(String::new(), |above| format!("{above}/"));
            Some(Suggestion { topic: format!("{prefix}{segment}{slash}"), has_children })
        })
        .filter(|suggestion| suggestion.topic != typed)
        .collect();
    found.sort_by(|a, b| a.topic.cmp(&b.topic));
    found.truncate(SUGGESTIONS_MAX);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::Limits;

    fn model(topics: &[&str]) -> Model {
        let mut model = Model::new(Limits::default());
        for topic in topics {
            let (payload, arrived) = (Payload::Small(b"1"), Timestamp(1));
            let flags = Flags::default();
            let topic = topic.as_bytes();
            model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).unwrap();
        }
        model.roll_up(Timestamp(2));
        model
    }

    fn topics(model: &Model, typed: &str) -> Vec<String> {
        suggestions(model, typed).into_iter().map(|suggestion| suggestion.topic).collect()
    }

    #[test]
    fn levels_are_suggested_one_at_a_time() {
        let model = model(&["plant/a/temp", "plant/a", "plant/b/temp", "Pump", "$SYS/x", "other"]);
        assert_eq!(topics(&model, "p"), ["Pump", "plant/"]);
        assert_eq!(topics(&model, "plant/"), ["plant/a", "plant/b/"]);
        assert_eq!(topics(&model, "plant/a"), Vec::<String>::new(), "it is typed whole");
        assert_eq!(topics(&model, "plant/a/"), ["plant/a/temp"]);
        assert_eq!(topics(&model, "unknown/"), Vec::<String>::new());
        assert_eq!(topics(&model, ""), ["Pump", "other", "plant/"]);
    }

    #[test]
    fn a_level_with_thousands_below_suggests_a_few() {
        let names: Vec<String> = (0..20_000).map(|number| format!("m/{number}")).collect();
        let model = model(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(topics(&model, "m/1").len(), SUGGESTIONS_MAX);
    }
}
