//! Tree, rows, orders, search and pause against the naive model.

use proptest::prelude::*;

use crate::message::Timestamp;
use crate::model::tests::naive::{Line, Naive, Path, path_of};
use crate::model::tests::{Contains, message};
use crate::model::{Limits, Model, NodeId, Order, Sorting};

#[derive(Clone, Debug)]
enum Step {
    Apply(Vec<u8>, u8),
    RollUp(i64),
    Frame(i64),
    SetOpen(prop::sample::Index, bool),
    SetOpenBelow(prop::sample::Index, bool),
    SetAllOpen(bool),
    Reveal(prop::sample::Index),
    SetOrder(Sorting),
    SetFolding(bool),
    SetPaused(bool),
    SetFilter(Option<&'static [u8]>),
    Search(usize),
    Forget(prop::sample::Index, bool),
    SetScope(Option<prop::sample::Index>),
}

fn topic() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[aB1]{1}(/[ab2]{0,1}){0,4}".prop_map(String::into_bytes),
        3 => (0..40u32).prop_map(|i| format!("wide/device-{i}").into_bytes()),
        2 => (0..20u32, 0..3u32).prop_map(|(i, j)| format!("mid/{i}/{j}").into_bytes()),
        1 => Just(b"$SYS/broker/load".to_vec()),
        1 => Just(b"\xff/\x00".to_vec()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        30 => (topic(), b'0'..b'4').prop_map(|(topic, payload)| Step::Apply(topic, payload)),
        6 => (0..3_000_000i64).prop_map(Step::RollUp),
        6 => (0..3_000_000i64).prop_map(Step::Frame),
        6 => (index(), any::<bool>()).prop_map(|(at, open)| Step::SetOpen(at, open)),
        2 => (index(), any::<bool>()).prop_map(|(at, open)| Step::SetOpenBelow(at, open)),
        2 => any::<bool>().prop_map(Step::SetAllOpen),
        2 => index().prop_map(Step::Reveal),
        2 => (prop::sample::select(Order::ALL.to_vec()), any::<bool>())
            .prop_map(|(by, reversed)| Step::SetOrder(Sorting { by, reversed })),
        2 => any::<bool>().prop_map(Step::SetFolding),
        2 => any::<bool>().prop_map(Step::SetPaused),
        2 => prop::sample::select(vec![None, Some(&b"a"[..]), Some(b"device-1"), Some(b"3"), Some(b"/2")])
            .prop_map(Step::SetFilter),
        4 => (0..20usize).prop_map(Step::Search),
        5 => (index(), any::<bool>()).prop_map(|(at, below)| Step::Forget(at, below)),
        2 => prop::option::of(index()).prop_map(Step::SetScope),
    ]
}

struct Pair {
    model: Model,
    naive: Naive,
    now: i64,
}

impl Pair {
    fn find(&self, path: &Path) -> NodeId {
        self.model.find(&path.join(&b'/')).unwrap()
    }

    fn path(&self, node: NodeId) -> Path {
        path_of(&self.model.topic_bytes(node))
    }

    fn run(&mut self, step: Step) {
        let Self { model, naive, now } = self;
        let at = |naive: &Naive, model: &Model, index: prop::sample::Index| {
            let path = naive.nodes().get(index.index(naive.nodes().len().max(1)))?.clone();
            let node = model.find(&path.join(&b'/')).unwrap();
            Some((path, node))
        };
        match step {
            Step::Apply(topic, payload) => {
                *now += 1;
                model.apply(message(&topic, &[payload], *now)).unwrap();
                naive.apply(&topic, &[payload], Timestamp(*now));
            }
            Step::RollUp(passed) => {
                *now += passed;
                assert!(!model.roll_up(Timestamp(*now)));
                naive.roll_up(Timestamp(*now));
            }
            Step::Frame(passed) => {
                *now += passed;
                model.roll_up(Timestamp(*now));
                naive.roll_up(Timestamp(*now));
                assert!(!model.resort(Timestamp(*now)));
                naive.resort(Timestamp(*now));
            }
            Step::SetOpen(index, open) => {
                if let Some((path, node)) = at(naive, model, index) {
                    if open {
                        model.expand(node);
                    } else {
                        model.collapse(node);
                    }
                    naive.set_row_open(&path, open);
                }
            }
            Step::SetOpenBelow(index, open) => {
                if let Some((path, node)) = at(naive, model, index) {
                    if open {
                        model.expand_subtree(node);
                    } else {
                        model.collapse_subtree(node);
                    }
                    naive.set_open_below(&path, open);
                }
            }
            Step::SetAllOpen(open) => {
                if open {
                    model.expand_all();
                } else {
                    model.collapse_all();
                }
                naive.set_all_open(open);
            }
            Step::Reveal(index) => {
                if let Some((path, node)) = at(naive, model, index) {
                    assert_eq!(model.reveal(node), naive.reveal(&path));
                    assert_eq!(
                        model.row_of(node).is_some(),
                        naive
                            .lines()
                            .iter()
                            .any(|line| { line.path.starts_with(&path) && path.len() >= line.first.len() })
                    );
                }
            }
            Step::SetOrder(order) => {
                model.set_order(order);
                naive.set_order(order);
            }
            Step::SetFolding(folds) => {
                model.set_folding(folds);
                naive.folds = folds;
            }
            Step::SetPaused(paused) => {
                model.set_paused(paused);
                naive.paused = paused;
            }
            Step::SetFilter(needle) => {
                model.set_filter(needle.map(|needle| Box::new(Contains(needle.to_vec())) as _));
                naive.set_filter(needle);
            }
            Step::Search(topics) => {
                model.search_step(topics);
                naive.search_step(topics);
            }
            Step::Forget(index, below) => {
                if let Some((path, node)) = at(naive, model, index) {
                    if below {
                        model.forget_below(node);
                    } else {
                        model.forget(node);
                    }
                    naive.forget(&path, below);
                }
            }
            Step::SetScope(index) => {
                let chosen = index.and_then(|index| at(naive, model, index));
                model.set_scope(chosen.as_ref().map(|(_, node)| *node));
                naive.set_scope(chosen.map_or_else(Vec::new, |(path, _)| path));
            }
        }
    }

    fn check_rows(&self) {
        let Self { model, naive, .. } = self;
        let lines = naive.lines();
        assert_eq!(model.row_count(), lines.len() as u64);
        let rows: Vec<_> = model.rows(0, usize::MAX).collect();
        let seen: Vec<Line> = rows
            .iter()
            .map(|row| {
                let path = self.path(row.node);
                let first = self.path(row.first);
                let crate::model::Row { level, position, siblings, expanded, has_children, .. } = *row;
                Line { path, first, level, position, siblings, expanded, has_children }
            })
            .collect();
        assert_eq!(seen, lines);
        for (number, row) in rows.iter().enumerate() {
            assert_eq!(model.row_of(row.node), Some(number as u64));
            assert_eq!(model.row_of(row.first), Some(number as u64));
            assert!(model.rows(number as u64, 3).eq(rows[number..].iter().take(3).copied()));
        }
        assert_eq!(model.rows(rows.len() as u64, 1).count(), 0);
    }

    fn check_nodes(&self) {
        let Self { model, naive, .. } = self;
        let root = model.node(NodeId::ROOT).unwrap();
        assert_eq!(
            (root.messages, root.topics_below as usize),
            (naive.shown as u64, naive.topics_at_or_below(&[]))
        );
        for path in naive.nodes() {
            let node = model.node(self.find(path)).unwrap();
            let own: Vec<_> = naive.own(path);
            let below = naive.below(path);
            assert_eq!(node.messages, below.len() as u64);
            assert_eq!(
                node.topics_below as usize + usize::from(!own.is_empty()),
                naive.topics_at_or_below(path)
            );
            assert_eq!(node.last_arrived, below.last().map(|message| message.arrived));
            assert_eq!(node.children as usize, naive.shown_children(path).len());
            assert!((node.rate - naive.rate(path)).abs() < 1e-9);
            assert_eq!(node.topic.is_some(), !own.is_empty());
            let Some(topic) = node.topic else { continue };
            assert_eq!((topic.messages, topic.kept, topic.evicted), (own.len() as u64, own.len() as u64, 0));
            assert_eq!(topic.first_arrived, own[0].arrived);
            let is_match = naive.search.as_ref().is_some_and(|search| search.matched.contains(path));
            assert_eq!(topic.matches, is_match);
            let held: Vec<_> =
                model.history(node.id).map(|stored| (stored.arrived(), stored.payload())).collect();
            let expected: Vec<_> =
                own.iter().rev().map(|message| (message.arrived, &message.payload[..])).collect();
            assert_eq!(held, expected);
        }
    }

    fn check_totals(&self) {
        let Self { model, naive, .. } = self;
        let stats = model.stats();
        assert_eq!(
            (stats.messages, stats.nodes as usize),
            (naive.messages.len() as u64, naive.nodes().len())
        );
        assert_eq!(model.paused_messages(), (naive.messages.len() - naive.shown) as u64);
        let matches = naive.search.as_ref().map_or(0, |search| search.matched.len());
        assert_eq!(model.search_progress().matches as usize, matches);
        let recent = model.recent(None).map(|stored| stored.arrived());
        assert!(recent.eq(naive.published().iter().rev().map(|message| message.arrived)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2_000 }))]

    #[test]
    fn the_view_is_what_a_naive_model_shows(steps in prop::collection::vec(step(), 1..120)) {
        let mut pair = Pair { model: Model::new(Limits::default()), naive: Naive::default(), now: 0 };
        pair.model.measure_bytes(true);
        for step in steps {
            pair.run(step);
            pair.check_rows();
        }
        pair.check_nodes();
        pair.check_totals();
    }
}
