//! Topics that join a plot by themselves: those that match a filter, whenever they come.

use std::collections::HashSet;

use crate::command::Plottable;
use crate::model::{Extractor as _, Model, NodeId};
use crate::mqtt::filter;
use crate::panels::scene::Scene;
use crate::payload::query::JsonPath;
use crate::query::{NumberAt, Readings, has_state};
use crate::store::plots::Join;
use crate::words::plot_page as words;

/// The most topics that join a plot by filters.
pub const JOINED_MAX: usize = 200;
/// Topics that a filter looks at in one frame.
const TOPICS_PER_FRAME: usize = 5_000;
/// Topics without a value so far that are looked at again in one frame.
const AGAIN_PER_FRAME: usize = 50;
/// The most topics that are looked at again.
const AGAIN_MAX: usize = 2_000;

/// Topics that join by one filter.
#[derive(Debug)]
pub struct Joining {
    /// The filter, and where the number is.
    pub join: Join,
    path: Option<JsonPath>,
    /// How many of the model's topics were looked at.
    seen: u32,
    /// Topics that match and had no value yet, the next to look at first.
    again: std::collections::VecDeque<NodeId>,
    /// Topics that joined.
    pub joined: HashSet<NodeId>,
    /// How many more match than there is room for.
    pub left_out: usize,
}

impl Joining {
    /// Begins to look for topics; `None` if the path is none.
    pub fn new(join: Join) -> Option<Self> {
        let path = parsed(&join.path)?;
        let again = std::collections::VecDeque::new();
        Some(Self { join, path, seen: 0, again, joined: HashSet::new(), left_out: 0 })
    }

    /// What it is called: filter and path.
    pub fn name(&self) -> String {
        words::filter_and_path(&self.join.filter, &self.join.path)
    }

    /// Whether a series came by this filter.
    pub fn has(&self, number: &Plottable) -> bool {
        self.path == number.path && self.joined.contains(&number.node)
    }

    /// Looks at topics that came since the last call, and some of those that had no value; returns those that join, at
    /// most `room`.
    fn look(&mut self, scene: &Scene<'_>, room: usize) -> Vec<Plottable> {
        let model = scene.model;
        let mut found = Vec::new();
        let mut topic = Vec::new();
        for node in model.topics_after(self.seen).take(TOPICS_PER_FRAME) {
            self.seen += 1;
            topic.clear();
            model.write_topic(node, &mut topic);
            if filter::matches(self.join.filter.as_bytes(), &topic) {
                self.again.push_front(node);
            }
        }
        for _ in 0..AGAIN_PER_FRAME.min(self.again.len()) {
            let Some(node) = self.again.pop_front() else { break };
            if !has_value(scene, node, self.path.as_ref()) {
                if self.again.len() < AGAIN_MAX {
                    self.again.push_back(node);
                }
            } else if found.len() >= room {
                self.left_out += 1;
            } else if self.joined.insert(node) {
                found.push(Plottable { node, path: self.path.clone() });
            }
        }
        found
    }

    /// Whether there is more to look at without anything new arriving.
    fn is_behind(&self, model: &Model) -> bool {
        model.topics_after(self.seen).next().is_some() || self.again.len() > AGAIN_PER_FRAME
    }
}

/// The filters of one plot, and what is offered to join.
#[derive(Debug, Default)]
pub struct Joins {
    /// The filters.
    pub list: Vec<Joining>,
    /// What has the same shape as the number that was added last, and in how many other topics.
    pub offer: Option<(Join, usize)>,
}

impl Joins {
    /// Lets topics join. Does nothing if they do already.
    pub fn add(&mut self, join: Join) {
        self.offer = None;
        if self.list.iter().all(|joining| joining.join != join) {
            self.list.extend(Joining::new(join));
        }
    }

    /// The numbers that join now, and whether more may do so at once.
    pub fn look(&mut self, scene: &Scene<'_>) -> (Vec<Plottable>, bool) {
        let mut found = Vec::new();
        let joined: usize = self.list.iter().map(|joining| joining.joined.len()).sum();
        for joining in &mut self.list {
            let room = JOINED_MAX.saturating_sub(joined + found.len());
            found.append(&mut joining.look(scene, room));
        }
        (found, self.list.iter().any(|joining| joining.is_behind(scene.model)))
    }

    /// Whether a series came by one of the filters.
    pub fn have(&self, number: &Plottable) -> bool {
        self.list.iter().any(|joining| joining.has(number))
    }

    /// Offers what has the same shape as a number that was added.
    pub fn offer_like(&mut self, scene: &Scene<'_>, number: &Plottable) {
        let is_known = |join: &Join| self.list.iter().any(|joining| joining.join == *join);
        self.offer = similar(scene, number).filter(|(join, _)| !is_known(join));
    }
}

/// Whether the newest message of a topic has a number or a state there.
fn has_value(scene: &Scene<'_>, node: NodeId, path: Option<&JsonPath>) -> bool {
    let Some(topic) = scene.model.node(node).and_then(|node| node.topic) else { return false };
    let choice = Readings::default().choice_of(scene.model, scene.rules, &topic.newest);
    let payload = topic.newest.payload();
    has_state(payload, path, choice.as_ref())
        || NumberAt { path: path.cloned(), choice }.value(payload).is_some()
}

/// The path that a text stands for: `None` within for the whole payload, `None` if it is no path.
#[expect(clippy::option_option, reason = "the whole payload and no path at all are two things")]
pub fn parsed(path: &str) -> Option<Option<JsonPath>> {
    if path.trim().is_empty() { Some(None) } else { path.parse().ok().map(Some) }
}

/// Siblings that are looked at for each level of a topic.
const SIBLINGS_MAX: usize = 1_000;

/// The filter of most topics that differ from this one in one level and have a value in the same place, and how many
/// those are.
fn similar(scene: &Scene<'_>, number: &Plottable) -> Option<(Join, usize)> {
    let model = scene.model;
    let topic = String::from_utf8(model.topic_bytes(number.node)).ok()?;
    let levels: Vec<&str> = topic.split('/').collect();
    let mut best: Option<(Join, usize)> = None;
    for place in 0..levels.len() {
        let parent =
            if place == 0 { NodeId::ROOT } else { model.find(levels[..place].join("/").as_bytes())? };
        let below = levels[place + 1..].join("/");
        let is_like = |sibling: NodeId| {
            let mut other = model.topic_bytes(sibling);
            if place + 1 < levels.len() {
                other.push(b'/');
                other.extend_from_slice(below.as_bytes());
            }
            let node = model.find(&other).filter(|node| *node != number.node);
            node.is_some_and(|node| has_value(scene, node, number.path.as_ref()))
        };
        let count = model.children(parent).take(SIBLINGS_MAX).filter(|sibling| is_like(*sibling)).count();
        if count > 0 && best.as_ref().is_none_or(|(_, most)| count > *most) {
            let mut filter = levels.clone();
            filter[place] = "+";
            let path = number.path.as_ref().map(ToString::to_string).unwrap_or_default();
            best = Some((Join { filter: filter.join("/"), path }, count));
        }
    }
    best
}
