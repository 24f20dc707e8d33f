//! How a person looks at a topic of a profile.

use serde::{Deserialize, Serialize};

/// More topics are not remembered; the one that was changed longest ago is forgotten.
const LOOKS_MAX: usize = 200;

/// What a person chose for a topic, as it is written: a view or a path of a later version stays in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicLook {
    /// The topic.
    pub topic: String,
    /// The view of its payloads: the name of a format, `diff` or `jq`; empty: the one that suits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub view: String,
    /// The paths of the fields that are columns of its history.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

impl TopicLook {
    /// Puts it among others, in the place of the one for its topic. One that says nothing only takes that away.
    pub fn keep_in(self, looks: &mut Vec<Self>) {
        looks.retain(|look| look.topic != self.topic);
        if !self.view.is_empty() || !self.columns.is_empty() {
            looks.push(self);
        }
        let excess = looks.len().saturating_sub(LOOKS_MAX);
        looks.drain(..excess);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(topic: &str, view: &str) -> TopicLook {
        TopicLook { topic: topic.to_owned(), view: view.to_owned(), columns: Vec::new() }
    }

    #[test]
    fn one_look_is_kept_for_each_topic_and_the_oldest_is_forgotten() {
        let mut looks = vec![look("a", "hex"), look("b", "hex")];
        look("a", "diff").keep_in(&mut looks);
        assert_eq!(looks, [look("b", "hex"), look("a", "diff")]);
        look("b", "").keep_in(&mut looks);
        assert_eq!(looks, [look("a", "diff")]);
        for n in 0..LOOKS_MAX {
            look(&n.to_string(), "text").keep_in(&mut looks);
        }
        assert_eq!((looks.len(), looks[0].topic.as_str()), (LOOKS_MAX, "0"));
    }
}
