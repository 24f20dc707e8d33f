//! The model as anyone would write it who had no million topics: everything is computed from the list of messages.

use std::collections::{BTreeMap, BTreeSet};

use crate::message::Timestamp;
use crate::model::order::NewNode;
use crate::model::rate::{Moment, Pace, Pacemaker, Rate};
use crate::model::tree::compare_names;
use crate::model::{Order, Sorting};

/// Names of the levels, from the first.
pub(super) type Path = Vec<Vec<u8>>;

pub(super) fn path_of(topic: &[u8]) -> Path {
    topic.split(|&byte| byte == b'/').map(<[u8]>::to_vec).collect()
}

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) path: Path,
    pub(super) payload: Vec<u8>,
    pub(super) arrived: Timestamp,
}

/// A view's own state.
#[derive(Clone, Debug, Default)]
struct View {
    toggled: BTreeSet<Path>,
}

#[derive(Clone, Debug)]
pub(super) struct Search {
    needle: Vec<u8>,
    scope: Path,
    next: usize,
    end: usize,
    pub(super) matched: BTreeSet<Path>,
    view: View,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) path: Path,
    /// The highest level in the row.
    pub(super) first: Path,
    pub(super) level: u16,
    pub(super) position: u32,
    pub(super) siblings: u32,
    pub(super) expanded: bool,
    pub(super) has_children: bool,
}

#[derive(Default)]
pub(super) struct Naive {
    pub(super) messages: Vec<Message>,
    /// So many of the messages are published.
    pub(super) shown: usize,
    /// All nodes in order of creation.
    nodes: Vec<Path>,
    /// All topics in order of creation.
    topics: Vec<Path>,
    children: BTreeMap<Path, Vec<Path>>,
    rates: BTreeMap<Path, Rate>,
    /// Of the topics alone, without what is below them.
    own_rates: BTreeMap<Path, Rate>,
    pacemaker: Pacemaker,
    since: Pace,
    pub(super) pace: Pace,
    pub(super) paused: bool,
    pub(super) order: Sorting,
    pub(super) folds: bool,
    last_pass: Option<Timestamp>,
    view: View,
    /// Only this path and what is below it have lines; empty: all.
    pub(super) scope: Path,
    pub(super) search: Option<Search>,
}

impl Naive {
    pub(super) fn apply(&mut self, topic: &[u8], payload: &[u8], arrived: Timestamp) {
        let path = path_of(topic);
        for level in 1..=path.len() {
            let node = path[..level].to_vec();
            if self.nodes.contains(&node) {
                continue;
            }
            self.nodes.push(node.clone());
            let siblings = self.children.entry(path[..level - 1].to_vec()).or_default();
            match self.order.new_node() {
                NewNode::Front => siblings.insert(0, node),
                NewNode::Back | NewNode::ByName => siblings.push(node),
            }
            if self.order.by == Order::Name {
                let reversed = self.order.reversed;
                siblings.sort_by(|a, b| compare_names(level == 1, reversed, &a[level - 1], &b[level - 1]));
            }
        }
        if !self.topics.contains(&path) {
            self.topics.push(path.clone());
        }
        self.messages.push(Message { path, payload: payload.to_vec(), arrived });
    }

    pub(super) fn published(&self) -> &[Message] {
        &self.messages[..self.shown]
    }

    /// Published messages of a node and all below, oldest first.
    pub(super) fn below(&self, path: &[Vec<u8>]) -> Vec<&Message> {
        self.published().iter().filter(|message| message.path.starts_with(path)).collect()
    }

    /// Published messages of a node itself.
    pub(super) fn own(&self, path: &[Vec<u8>]) -> Vec<&Message> {
        self.published().iter().filter(|message| message.path == path).collect()
    }

    pub(super) fn topics_at_or_below(&self, path: &[Vec<u8>]) -> usize {
        self.below(path).iter().map(|message| &message.path).collect::<BTreeSet<_>>().len()
    }

    pub(super) fn rate(&self, path: &[Vec<u8>]) -> f64 {
        self.rates.get(path).copied().unwrap_or_default().per_second(self.pace)
    }

    pub(super) fn roll_up(&mut self, now: Timestamp) {
        let pace = self.pacemaker.advance(now);
        if self.paused {
            return;
        }
        self.pace = pace;
        let moment = Moment::new(self.since, pace);
        let news = self.messages[self.shown..].to_vec();
        let known: BTreeSet<Path> = self.published().iter().map(|message| message.path.clone()).collect();
        self.shown = self.messages.len();
        self.since = pace;
        let mut counts: BTreeMap<Path, u64> = BTreeMap::new();
        for message in &news {
            for level in 0..=message.path.len() {
                *counts.entry(message.path[..level].to_vec()).or_default() += 1;
            }
        }
        for (path, count) in counts {
            self.rates.entry(path).or_default().add(count, moment);
        }
        for path in news.iter().map(|message| &message.path).collect::<BTreeSet<_>>() {
            let count = news.iter().filter(|message| message.path == *path).count();
            self.own_rates.entry(path.clone()).or_default().add(count as u64, moment);
        }
        for path in news.iter().map(|message| &message.path).collect::<BTreeSet<_>>() {
            let index = self.topics.iter().position(|topic| topic == path).unwrap();
            let is_first = !known.contains(path);
            let Some(search) = &self.search else { continue };
            if is_first || !(search.next..search.end).contains(&index) {
                self.test(index, is_first);
            }
        }
    }

    fn test(&mut self, index: usize, with_topic: bool) {
        let path = self.topics[index].clone();
        let Some(newest) = self.own(&path).last().map(|message| message.payload.clone()) else { return };
        let Some(search) = self.search.as_mut().filter(|search| path.starts_with(&search.scope)) else {
            return;
        };
        let finds = |text: &[u8]| memchr::memmem::find(text, &search.needle).is_some();
        if (with_topic && finds(&path.join(&b'/'))) || finds(&newest) {
            search.matched.insert(path);
        }
    }

    pub(super) fn set_filter(&mut self, needle: Option<&[u8]>) {
        self.search = needle.map(|needle| Search {
            needle: needle.to_vec(),
            scope: self.scope.clone(),
            next: 0,
            end: self.topics.len(),
            matched: BTreeSet::new(),
            view: View::default(),
        });
    }

    pub(super) fn search_step(&mut self, topics: usize) {
        let Some(search) = &mut self.search else { return };
        let range = search.next..search.end.min(search.next + topics);
        search.next = range.end;
        range.for_each(|index| self.test(index, true));
    }

    pub(super) fn set_order(&mut self, order: Sorting) {
        if order != self.order {
            self.order = order;
            self.sort();
        }
    }

    pub(super) fn resort(&mut self, now: Timestamp) {
        let due = self.last_pass.is_none_or(|last| !(0.0..1.0).contains(&now.seconds_since(last)));
        if !self.paused && self.order.by.moves() && due {
            self.last_pass = Some(now);
            self.sort();
        }
    }

    pub(super) fn sort(&mut self) {
        let mut all = std::mem::take(&mut self.children);
        for siblings in all.values_mut() {
            siblings.sort_by(|a, b| {
                let Sorting { by, reversed } = self.order;
                if by == Order::Name {
                    return compare_names(a.len() == 1, reversed, &a[a.len() - 1], &b[b.len() - 1]);
                }
                // What has nothing to be sorted by comes last either way.
                let lacks = |path: &Path| {
                    matches!(
                        by,
                        Order::Value | Order::LastChange | Order::Size | Order::QoS | Order::Retained
                    ) && self.own(path).is_empty()
                };
                let (first, second) = if reversed { (b, a) } else { (a, b) };
                let by_arrival = || self.created(a).cmp(&self.created(b));
                lacks(a).cmp(&lacks(b)).then_with(|| self.compare(by, first, second)).then_with(by_arrival)
            });
        }
        self.children = all;
    }

    fn compare(&self, by: Order, a: &Path, b: &Path) -> std::cmp::Ordering {
        let position = |path: &Path| self.published().iter().rposition(|m| m.path.starts_with(path));
        let rate = |path: &Path| self.rates.get(path).copied().unwrap_or_default().key();
        let newest = |path: &Path| self.own(path).last().map(|message| message.payload.clone());
        let below = |path: &Path| self.topics_at_or_below(path) - usize::from(!self.own(path).is_empty());
        match by {
            Order::Name | Order::Arrival => self.created(a).cmp(&self.created(b)),
            // Every payload is one digit.
            Order::Value => newest(b).cmp(&newest(a)),
            Order::Messages => self.below(b).len().cmp(&self.below(a).len()),
            // Every payload is one byte.
            Order::Rate | Order::ByteRate => rate(b).total_cmp(&rate(a)),
            Order::LastChange => self.changed(b).cmp(&self.changed(a)),
            Order::LastSeen => position(b).cmp(&position(a)),
            Order::Size | Order::QoS | Order::Retained => std::cmp::Ordering::Equal,
            Order::TopicsBelow => below(b).cmp(&below(a)),
        }
    }

    /// Which message brought the value of a topic.
    fn changed(&self, path: &Path) -> Option<usize> {
        let own = || self.published().iter().enumerate().rev().filter(|(_, message)| message.path == *path);
        let (_, newest) = own().next()?;
        own().take_while(|(_, message)| message.payload == newest.payload).last().map(|(at, _)| at)
    }

    fn created(&self, path: &Path) -> Option<usize> {
        self.nodes.iter().position(|node| node == path)
    }

    fn is_shown(&self, path: &[Vec<u8>]) -> bool {
        match &self.search {
            Some(search) => search.matched.iter().any(|matched| matched.starts_with(path)),
            None => !self.below(path).is_empty(),
        }
    }

    fn view(&mut self) -> &mut View {
        match &mut self.search {
            Some(search) => &mut search.view,
            None => &mut self.view,
        }
    }

    fn is_open(&self, path: &Path) -> bool {
        match &self.search {
            Some(search) => !search.view.toggled.contains(path),
            None => self.view.toggled.contains(path),
        }
    }

    pub(super) fn set_open(&mut self, path: &Path, open: bool) {
        if self.children.contains_key(path) && !path.is_empty() {
            let toggled = self.search.is_some() != open;
            let view = self.view();
            if toggled {
                view.toggled.insert(path.clone());
            } else {
                view.toggled.remove(path);
            }
        }
    }

    /// Opens or closes a row, with the folded levels above.
    pub(super) fn set_row_open(&mut self, path: &Path, open: bool) {
        self.set_open(path, open);
        for level in (1..path.len()).rev() {
            let above = path[..level].to_vec();
            if !self.is_folded(&above) {
                break;
            }
            self.set_open(&above, open);
        }
    }

    fn is_folded(&self, path: &Path) -> bool {
        self.folds && self.own(path).is_empty() && self.shown_children(path).len() == 1
    }

    pub(super) fn set_open_below(&mut self, path: &Path, open: bool) {
        for node in self.nodes.clone() {
            if node.starts_with(path) {
                self.set_open(&node, open);
            }
        }
    }

    pub(super) fn set_scope(&mut self, path: Path) {
        self.set_row_open(&path, true);
        self.scope = path;
    }

    pub(super) fn set_all_open(&mut self, open: bool) {
        let scope = self.scope.clone();
        self.set_open_below(&scope, open);
        if !open {
            self.set_row_open(&scope, true);
        }
    }

    /// Forgets the topic at a path, or all at or below it.
    pub(super) fn forget(&mut self, path: &Path, below: bool) {
        let is_gone = |other: &Path| if below { other.starts_with(path) } else { other == path };
        if !self.topics.iter().any(is_gone) {
            return;
        }
        let rates = if below { &self.rates } else { &self.own_rates };
        let gone = rates.get(path).copied().unwrap_or_default();
        let keeps_own = !below && self.children.contains_key(path);
        self.rates.retain(|other, _| keeps_own || !is_gone(other));
        self.own_rates.retain(|other, _| !is_gone(other));
        for level in 0..path.len() + usize::from(keeps_own) {
            self.rates.entry(path[..level].to_vec()).or_default().subtract(gone, self.pace);
        }
        let shown = self.published().iter().filter(|message| !is_gone(&message.path)).count();
        self.messages.retain(|message| !is_gone(&message.path));
        self.shown = shown;
        // A place in the list stays taken: a search counts them.
        self.topics.iter_mut().filter(|topic| is_gone(topic)).for_each(Vec::clear);
        if let Some(search) = &mut self.search {
            search.matched.retain(|matched| !is_gone(matched));
        }
    }

    pub(super) fn reveal(&mut self, path: &Path) -> bool {
        if !self.is_shown(path) || !path.starts_with(&self.scope) {
            return false;
        }
        (self.scope.len().max(1)..path.len()).for_each(|level| self.set_open(&path[..level].to_vec(), true));
        true
    }

    pub(super) fn nodes(&self) -> &[Path] {
        &self.nodes
    }

    pub(super) fn shown_children(&self, path: &Path) -> Vec<Path> {
        let all = self.children.get(path).into_iter().flatten();
        all.filter(|child| self.is_shown(child)).cloned().collect()
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.scope.is_empty() {
            self.add_lines(&Vec::new(), 0, &mut lines);
        } else if self.is_shown(&self.scope) {
            self.add_line(&self.scope, 0, (0, 1), &mut lines);
        }
        lines
    }

    fn add_lines(&self, path: &Path, level: u16, lines: &mut Vec<Line>) {
        let children = self.shown_children(path);
        for (index, child) in children.iter().enumerate() {
            self.add_line(child, level, (index, children.len()), lines);
        }
    }

    fn add_line(&self, first: &Path, level: u16, place: (usize, usize), lines: &mut Vec<Line>) {
        let mut path = first.clone();
        while self.is_folded(&path) {
            path = self.shown_children(&path)[0].clone();
        }
        let has_children = !self.shown_children(&path).is_empty();
        let expanded = has_children && self.is_open(&path);
        lines.push(Line {
            path: path.clone(),
            first: first.clone(),
            level,
            position: place.0 as u32 + 1,
            siblings: place.1 as u32,
            expanded,
            has_children,
        });
        if expanded {
            self.add_lines(&path, level + 1, lines);
        }
    }
}
