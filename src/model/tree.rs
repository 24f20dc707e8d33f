//! The topic tree: the nodes, their parents and their names. Nodes are added and never removed: one whose topics were
//! forgotten is only taken out of view.
//!
//! A node is small because there are millions. What only nodes with children need is in a [`Branch`]; what only nodes
//! with messages need is in a `TopicData`. A parent always has a smaller id than its children, so one backward pass
//! over the ids visits children first. Nothing here recurses, because the depth is up to the broker.

use crate::model::arena::Arena;
use crate::model::blocks::Blocks;
use crate::model::children::{At, Children, Placed};
use crate::model::counters::NodeCounters;
use crate::model::index::{HashIndex, KeyHash};
use crate::model::natural;
use crate::model::order::{NewNode, Sorting};
use crate::model::segments::{SegmentId, Segments};

/// Identifies a node for as long as its model lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The node above all first levels. No row shows it; its counters are those of the whole tree.
    pub const ROOT: Self = Self(ROOT);
}

/// An index that stands for "none".
pub(super) const NONE: u32 = u32::MAX;
/// The node above all first levels; no row shows it.
pub(super) const ROOT: u32 = 0;
/// The root's branch.
pub(super) const ROOT_BRANCH: u32 = 0;

/// One level of some topic.
#[derive(Debug)]
pub(super) struct TreeNode {
    pub(super) parent: u32,
    pub(super) segment: SegmentId,
    /// Index of its `TopicData` once it has received a message, or [`NONE`].
    pub(super) topic: u32,
    /// Index of its [`Branch`] once it has a child, or [`NONE`].
    pub(super) branch: u32,
    /// How many children its parent had before this one.
    pub(super) ordinal: u32,
    /// Its depth, 0 for the first level (and for the root). A topic of 65,535 bytes has at most 65,536 levels.
    pub(super) level: u16,
    /// Whether messages of its topic wait to be published.
    pub(super) is_noted: bool,
    /// Whether series or a witness read its messages as they arrive.
    pub(super) has_readers: bool,
}

/// What only nodes with children need.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) node: u32,
    pub(super) children: Children,
    /// Counts of the node and all below it, as last published.
    pub(super) counters: NodeCounters,
}

/// All nodes, their names, and an index of children by parent and name.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Arena<TreeNode>,
    pub(super) branches: Arena<Branch>,
    /// Branches whose children are in several blocks.
    pub(super) wide: Vec<u32>,
    segments: Segments,
    /// Finds a child by its parent and name.
    edges: HashIndex,
    children_bytes: usize,
    deepest: u16,
}

/// What adding a node did.
pub(super) struct Added {
    pub(super) node: u32,
    /// The branch that it was added to.
    pub(super) branch: u32,
    /// Whether it is the first child.
    pub(super) is_first: bool,
    pub(super) placed: Placed,
}

impl Tree {
    pub(super) fn new() -> Self {
        let mut segments = Segments::new();
        let mut nodes = Arena::new();
        let mut branches = Arena::new();
        nodes.push(TreeNode {
            parent: ROOT,
            segment: segments.intern(b""),
            topic: NONE,
            branch: ROOT_BRANCH,
            ordinal: 0,
            level: 0,
            is_noted: false,
            has_readers: false,
        });
        branches.push(Branch { node: ROOT, children: Children::new(), counters: NodeCounters::default() });
        Self {
            nodes,
            branches,
            wide: Vec::new(),
            segments,
            edges: HashIndex::new(),
            children_bytes: 0,
            deepest: 0,
        }
    }

    pub(super) fn segment(&self, node: u32) -> &[u8] {
        self.segments.get(self.nodes[node].segment)
    }

    /// The branch of a node, if it has children.
    pub(super) fn branch(&self, node: u32) -> Option<&Branch> {
        self.branches.get(self.nodes[node].branch)
    }

    /// The branch that contains a node as a child. Must not be called with the root, which counts as its own child.
    #[inline]
    pub(super) fn parent_branch(&self, node: u32) -> u32 {
        self.nodes[self.nodes[node].parent].branch
    }

    /// The child with this name.
    pub(super) fn child(&self, parent: u32, name: &[u8]) -> Option<u32> {
        let segment = self.segments.find(name)?;
        self.edge(edge_hash(&self.edges, parent, segment), parent, segment)
    }

    fn edge(&self, hash: KeyHash, parent: u32, segment: SegmentId) -> Option<u32> {
        self.edges.find(hash, |id| {
            let node = &self.nodes[id];
            node.parent == parent && node.segment == segment
        })
    }

    /// The child with this name, or else a new one, added where `order` puts it.
    pub(super) fn child_or_add(&mut self, parent: u32, name: &[u8], order: Sorting) -> Result<u32, Added> {
        let segment = self.segments.intern(name);
        let hash = edge_hash(&self.edges, parent, segment);
        if let Some(node) = self.edge(hash, parent, segment) {
            return Ok(node);
        }
        let branch = self.branch_or_add(parent);
        let ordinal = self.branches[branch].children.len();
        let level = if parent == ROOT { 0 } else { self.nodes[parent].level.saturating_add(1) };
        self.deepest = self.deepest.max(level);
        let node = TreeNode {
            parent,
            segment,
            topic: NONE,
            branch: NONE,
            ordinal,
            level,
            is_noted: false,
            has_readers: false,
        };
        let id = self.nodes.push(node);
        let nodes = &self.nodes;
        self.edges.insert(hash, id, |edges, other| {
            let TreeNode { parent, segment, .. } = nodes[other];
            edge_hash(edges, parent, segment)
        });
        let placed = self.place(branch, id, order);
        Err(Added { node: id, branch, is_first: ordinal == 0, placed })
    }

    fn branch_or_add(&mut self, node: u32) -> u32 {
        if self.nodes[node].branch == NONE {
            let branch = Branch { node, children: Children::new(), counters: NodeCounters::default() };
            self.nodes[node].branch = self.branches.push(branch);
        }
        self.nodes[node].branch
    }

    /// Inserts a child that has no place yet into a branch, where `order` puts it.
    pub(super) fn place(&mut self, branch: u32, id: u32, order: Sorting) -> Placed {
        let Self { nodes, branches, segments, .. } = self;
        let Branch { children, node: parent, .. } = &mut branches[branch];
        let is_first_level = *parent == ROOT;
        let name = |node: u32| segments.get(nodes[node].segment);
        let compare = |other: u32| compare_names(is_first_level, order.reversed, name(other), name(id));
        let at = match order.new_node() {
            NewNode::ByName => At::Sorted(&compare),
            NewNode::Front => At::Front,
            NewNode::Back => At::Back,
        };
        self.children_bytes -= children.heap_bytes();
        let placed = children.insert(id, &at, &|node| nodes[node].ordinal);
        self.children_bytes += children.heap_bytes();
        if placed == Placed::Reformed {
            self.wide.push(branch);
        }
        placed
    }

    /// Reorders the children of a branch.
    pub(super) fn reorder(&mut self, branch: u32, children: &[u32]) -> Placed {
        let nodes = &self.nodes;
        let present = &mut self.branches[branch].children;
        self.children_bytes -= present.heap_bytes();
        let placed = present.reorder(children, &|node| nodes[node].ordinal);
        self.children_bytes += present.heap_bytes();
        placed
    }

    /// Replaces the children of a branch up to id `newest` with `blocks`. Returns the later ones, which the caller has
    /// to place.
    pub(super) fn replace_children(&mut self, branch: u32, blocks: Blocks, newest: u32) -> Vec<u32> {
        let present = &mut self.branches[branch].children;
        self.children_bytes -= present.heap_bytes();
        let later = present.replace(blocks, newest);
        self.children_bytes += present.heap_bytes();
        later
    }

    /// Adds children that have no place yet in front of or behind the others, after [`Tree::replace_children`].
    pub(super) fn append_children(&mut self, branch: u32, later: &[u32], in_front: bool) {
        let present = &mut self.branches[branch].children;
        self.children_bytes -= present.heap_bytes();
        present.append(later, in_front);
        self.children_bytes += present.heap_bytes();
    }

    /// Whether `topic` is the whole topic of `node`. Compares from the end, without building or splitting anything.
    #[inline]
    pub(super) fn is_named(&self, node: u32, topic: &[u8]) -> bool {
        let mut node = &self.nodes[node];
        let mut rest = topic;
        loop {
            let Some(above) = rest.strip_suffix(self.segments.get(node.segment)) else {
                return false;
            };
            if node.parent == ROOT {
                return above.is_empty();
            }
            let Some(above) = above.strip_suffix(b"/") else {
                return false;
            };
            rest = above;
            node = &self.nodes[node.parent];
        }
    }

    /// The node of a topic or of a level above one.
    pub(super) fn walk(&self, topic: &[u8]) -> Option<u32> {
        topic.split(|&byte| byte == b'/').try_fold(ROOT, |node, name| self.child(node, name))
    }

    /// Appends the whole topic of a node; nothing for the root.
    pub(super) fn write_topic(&self, node: u32, out: &mut Vec<u8>) {
        let start = out.len();
        // Written backwards and then reversed as a whole, so that no list of ancestors is needed.
        let mut at = node;
        while at != ROOT {
            out.extend(self.segment(at).iter().rev());
            at = self.nodes[at].parent;
            if at != ROOT {
                out.push(b'/');
            }
        }
        out[start..].reverse();
    }

    /// Ids of the ancestors of a node, from its parent upwards, without the root.
    pub(super) fn ancestors(&self, node: u32) -> impl Iterator<Item = u32> {
        let above = move |&at: &u32| Some(self.nodes[at].parent).filter(|&parent| parent != ROOT);
        std::iter::successors(above(&node), above)
    }

    /// Whether a node is `above` itself or below it; every node is below the root.
    pub(super) fn is_at_or_below(&self, node: u32, above: u32) -> bool {
        // A parent has a smaller id than its children, so the way up ends early.
        let mut at = node;
        while at > above {
            at = self.nodes[at].parent;
        }
        at == above
    }

    /// A node and all below it, parents before children, otherwise in no particular order.
    pub(super) fn subtree(&self, node: u32) -> impl Iterator<Item = u32> {
        let mut open = vec![node];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            if let Some(branch) = self.branch(next) {
                open.extend(branch.children.iter());
            }
            Some(next)
        })
    }

    /// The level of the deepest node.
    pub(super) fn deepest(&self) -> u16 {
        self.deepest
    }

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        self.nodes.heap_bytes()
            + self.branches.heap_bytes()
            + self.segments.heap_bytes()
            + self.edges.heap_bytes()
            + self.children_bytes
    }
}

/// Compares names in natural order. At the first level, names that begin with `$`, which are reserved for brokers
/// (MQTT 5.0, 4.7.2), come after all others, even in reverse order.
pub(super) fn compare_names(is_first_level: bool, reversed: bool, a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    let last = |name: &[u8]| is_first_level && name.starts_with(b"$");
    let (first, second) = if reversed { (b, a) } else { (a, b) };
    last(a).cmp(&last(b)).then_with(|| natural::compare(first, second))
}

fn edge_hash(edges: &HashIndex, parent: u32, segment: SegmentId) -> KeyHash {
    edges.hash((parent, segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_named_by_its_whole_topic_and_by_nothing_else() {
        let mut tree = Tree::new();
        let topics = [&b"a"[..], b"b/a", b"/a", b"b//a", b"b/", b"", b"/", b"aa", b"a/b/a"];
        let nodes: Vec<u32> = topics
            .iter()
            .map(|topic| {
                topic.split(|&byte| byte == b'/').fold(ROOT, |node, name| {
                    tree.child_or_add(node, name, Sorting::default()).unwrap_or_else(|added| added.node)
                })
            })
            .collect();
        for (topic, &node) in topics.iter().zip(&nodes) {
            assert!(topics.iter().all(|other| tree.is_named(node, other) == (other == topic)), "{topic:?}");
            assert_eq!(tree.walk(topic), Some(node));
        }
    }
}
