//! Forgetting topics, with their messages, counts and rows. Nodes stay but are taken out of view, so that an id never
//! changes its meaning; a topic that receives a message again comes back as if it were new.

use crate::model::Model;
use crate::model::counters::{Last, NodeCounters};
use crate::model::topics::Topics;
use crate::model::tree::{NONE, NodeId, ROOT_BRANCH, Tree};

impl Model {
    /// Forgets the topic of a node, but not what is below it. Returns whether there was one.
    pub fn forget(&mut self, node: NodeId) -> bool {
        let Some(index) = self.topic_index(node) else { return false };
        let gone = self.topics.all[index].published(index, self.reader());
        self.drop_topic(index);
        let own = self.tree.nodes[node.0].branch;
        self.subtract(if own == NONE { self.tree.parent_branch(node.0) } else { own }, &gone);
        let Self { rows, tree, topics, search, .. } = self;
        rows.set_topic(tree, node.0, false);
        rows.vanish(tree, node.0, |node| is_published(tree, topics, node));
        if let Some(search) = search {
            search.view.set_topic(tree, node.0, false);
            search.vanish(tree, node.0);
        }
        true
    }

    /// Forgets all topics at or below a node, in one pass over them. Returns how many there were.
    pub fn forget_below(&mut self, node: NodeId) -> u32 {
        if node == NodeId::ROOT || self.tree.nodes.get(node.0).is_none() {
            return 0;
        }
        let gone = self.counters_of(node.0);
        let nodes: Vec<u32> = self.tree.subtree(node.0).collect();
        let mut topics = 0;
        for &at in &nodes {
            let (topic, branch) = (self.tree.nodes[at].topic, self.tree.nodes[at].branch);
            if topic != NONE {
                topics += 1;
                self.drop_topic(topic);
            }
            if branch != NONE {
                self.tree.branches[branch].counters = NodeCounters::default();
            }
        }
        self.subtract(self.tree.parent_branch(node.0), &gone);
        let Self { rows, tree, topics: all, search, .. } = self;
        let parent = tree.nodes[node.0].parent;
        rows.vanish_below(tree, &nodes);
        rows.vanish(tree, parent, |node| is_published(tree, all, node));
        if let Some(search) = search {
            search.view.vanish_below(tree, &nodes);
            search.vanish(tree, parent);
        }
        topics
    }

    /// Drops what a topic holds. The caller updates the counts and rows above it.
    fn drop_topic(&mut self, index: u32) {
        let topic = &mut self.topics.all[index];
        let node = topic.node;
        self.messages -= topic.count;
        self.history.forget(index, topic);
        self.topics.forget(index);
        if let Some(search) = &mut self.search {
            search.forget(index);
        }
        let at = &mut self.tree.nodes[node];
        at.topic = NONE;
        at.is_noted = false;
        if at.has_readers {
            let series = self.series.iter_mut().flatten().filter(|series| series.node() == Some(node));
            series.for_each(crate::model::Series::end_backfill);
        }
    }

    /// Subtracts counts from a branch and from all above it.
    fn subtract(&mut self, from: u32, gone: &NodeCounters) {
        let mut branch = from;
        loop {
            let last = self.tree.branches[branch].counters.last;
            // If the newest message is gone, another one is the newest now.
            let last = if last.is_some() && last == gone.last { self.last_of(branch) } else { last };
            let counters = &mut self.tree.branches[branch].counters;
            counters.messages -= gone.messages;
            counters.topics -= gone.topics;
            counters.rate.subtract(gone.rate, self.roll_up.shown);
            counters.byte_rate.subtract(gone.byte_rate, self.roll_up.shown);
            counters.last = last;
            self.sorter.unsorted.insert(branch);
            if branch == ROOT_BRANCH {
                return;
            }
            branch = self.tree.parent_branch(self.tree.branches[branch].node);
        }
    }

    fn last_of(&self, branch: u32) -> Option<Last> {
        let branch = &self.tree.branches[branch];
        let index = self.tree.nodes[branch.node].topic;
        let own = self.topics.all.get(index).and_then(|topic| topic.published(index, self.reader()).last);
        branch.children.iter().map(|child| self.counters_of(child).last).fold(own, Option::max)
    }
}

/// Whether a node is shown in its own right, because it has received a message.
fn is_published(tree: &Tree, topics: &Topics, node: u32) -> bool {
    topics.all.get(tree.nodes[node].topic).is_some_and(|topic| topic.shown_count > 0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::tests::{Contains, message};
    use crate::model::{Extractor, Limits, Model};

    fn model(topics: &[&str]) -> Model {
        let mut model = Model::new(Limits::default());
        for topic in topics {
            model.apply(message(topic.as_bytes(), b"1", 0)).unwrap();
        }
        model.roll_up(Timestamp(0));
        model.expand_all();
        model
    }

    fn names(model: &Model) -> Vec<String> {
        model.rows(0, 100).map(|row| String::from_utf8(model.topic_bytes(row.node)).unwrap()).collect()
    }

    #[test]
    fn a_forgotten_topic_goes_with_the_levels_that_led_to_it_alone_and_comes_back() {
        let mut model = model(&["a/b/c", "a/d"]);
        assert!(model.forget(model.find(b"a/b/c").unwrap()));
        assert_eq!(names(&model), ["a", "a/d"]);
        let stats = model.stats();
        assert_eq!((stats.topics, stats.messages, stats.messages_kept), (1, 1, 1));
        model.apply(message(b"a/b/c", b"2", 1)).unwrap();
        model.roll_up(Timestamp(1));
        assert_eq!(names(&model), ["a", "a/b", "a/b/c", "a/d"], "what was expanded still is");
        let topic = model.node(model.find(b"a/b/c").unwrap()).unwrap().topic.unwrap();
        assert_eq!((topic.messages, topic.first_arrived), (1, Timestamp(1)));
    }

    #[test]
    fn forgetting_below_a_node_takes_the_node_as_well() {
        let mut model = model(&["a", "a/b", "a/b/c", "z"]);
        assert_eq!(model.forget_below(model.find(b"a").unwrap()), 3);
        assert_eq!(names(&model), ["z"]);
        assert_eq!(model.forget_below(model.find(b"a").unwrap()), 0);
        assert!(!model.forget(model.find(b"a").unwrap()));
    }

    #[test]
    fn a_forgotten_match_is_no_match() {
        let mut model = model(&["x/1", "x/2", "y"]);
        model.set_filter(Some(Box::new(Contains(b"x".to_vec()))));
        model.search_step(10);
        model.forget(model.find(b"x/1").unwrap());
        assert_eq!(
            (names(&model), model.search_progress().matches),
            (vec!["x".to_owned(), "x/2".to_owned()], 1)
        );
        model.forget_below(model.find(b"x").unwrap());
        assert_eq!((model.row_count(), model.search_progress().matches), (0, 0));
    }

    struct One;

    impl Extractor for One {
        fn value(&self, _: &[u8]) -> Option<f64> {
            Some(1.0)
        }
    }

    #[test]
    fn a_plot_of_a_forgotten_topic_keeps_its_points_and_goes_on() {
        let mut model = model(&["a"]);
        let node = model.find(b"a").unwrap();
        let series = model.add_series(node, Box::new(One)).unwrap();
        model.forget(node);
        model.apply(message(b"a", b"2", 5_000_000)).unwrap();
        assert_eq!(model.series(series).unwrap().len(), 2);
    }

    #[test]
    fn a_large_payload_is_given_back() {
        let mut model = Model::new(Limits { history_bytes: 1 << 20, ..Limits::default() });
        let large = Bytes::from(vec![7; 4 << 20]);
        let properties = Some(Arc::default());
        let (payload, flags) = (Payload::Large(&large), Flags::default());
        let properties = properties.as_ref();
        model
            .apply(MessageRef { topic: b"large", payload, flags, properties, arrived: Timestamp(0) })
            .unwrap();
        for _ in 0..20_000 {
            model.apply(message(b"busy", &[0; 100], 0)).unwrap();
        }
        model.roll_up(Timestamp(0));
        assert!(!large.is_unique());
        model.forget(model.find(b"large").unwrap());
        assert!(large.is_unique());
        assert_eq!(model.stats().newest_bytes, 0);
    }
}
