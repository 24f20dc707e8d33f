//! A JSON value as a flat list of its parts, each with a hash that tells it from others.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use crate::payload::CancelCheck;
use crate::payload::json::{Lexer, Roots, Token};
use crate::payload::query::JsonPath;

/// Values above this are compared by lines.
const NODES_MAX: usize = 500_000;
/// Values between two looks at whether the result is still wanted.
const CANCEL_EVERY: usize = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    Object,
    Array,
    Scalar,
}

/// A value. What is inside of it follows directly.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    /// Where it stands in the text.
    pub text: Range<usize>,
    /// Where its key stands, with its quotes; empty in an array and at the top.
    pub key: Range<usize>,
    /// The number of the first node that is not inside of it.
    pub end: usize,
    /// Equal values have equal ones; the order of an object's members does not count.
    pub hash: u64,
}

/// The parts of one value, the outermost first.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub text: &'a str,
    nodes: Vec<Node>,
}

/// Why there are no parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTree {
    /// It is not one JSON value.
    NoValue,
    /// It has too many parts, or they are too deep for a path.
    TooLarge,
    Cancelled,
}

impl<'a> Tree<'a> {
    pub fn read(text: &'a str, cancel: CancelCheck<'_>) -> Result<Self, NoTree> {
        let mut lexer = Lexer::new(text.as_bytes(), Roots::One, JsonPath::STEPS_MAX);
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut key = 0..0;
        loop {
            let token = match lexer.next() {
                Ok(token) => token,
                Err(_) if lexer.depth() >= JsonPath::STEPS_MAX => return Err(NoTree::TooLarge),
                Err(_) => return Err(NoTree::NoValue),
            };
            let Some((token, range)) = token else { break };
            let number = nodes.len();
            match token {
                Token::Key => key = range,
                Token::Close => {
                    let Some(closed) = open.pop() else { return Err(NoTree::NoValue) };
                    let hash = Self::hash_of(text, &nodes, closed);
                    if let Some(node) = nodes.get_mut(closed) {
                        (node.text.end, node.end, node.hash) = (range.end, number, hash);
                    }
                }
                Token::Open | Token::Scalar => {
                    let kind = match (token, text.as_bytes().get(range.start)) {
                        (Token::Scalar, _) => NodeKind::Scalar,
                        (_, Some(b'{')) => NodeKind::Object,
                        _ => NodeKind::Array,
                    };
                    if token == Token::Open {
                        open.push(number);
                    }
                    let hash = scalar_hash(text.get(range.clone()).unwrap_or_default());
                    nodes.push(Node {
                        kind,
                        text: range,
                        key: std::mem::take(&mut key),
                        end: number + 1,
                        hash,
                    });
                }
            }
            if nodes.len() > NODES_MAX {
                return Err(NoTree::TooLarge);
            }
            if nodes.len().is_multiple_of(CANCEL_EVERY) && cancel() {
                return Err(NoTree::Cancelled);
            }
        }
        if nodes.is_empty() { Err(NoTree::NoValue) } else { Ok(Self { text, nodes }) }
    }

    /// The hash of a container whose items are all there.
    fn hash_of(text: &str, nodes: &[Node], container: usize) -> u64 {
        let is_object = nodes.get(container).is_some_and(|node| node.kind == NodeKind::Object);
        let mut in_order = DefaultHasher::new();
        is_object.hash(&mut in_order);
        let mut sum = 0_u64;
        let mut at = container + 1;
        while let Some(item) = nodes.get(at) {
            if is_object {
                let mut member = DefaultHasher::new();
                text.get(item.key.clone()).hash(&mut member);
                item.hash.hash(&mut member);
                sum = sum.wrapping_add(member.finish());
            } else {
                item.hash.hash(&mut in_order);
            }
            at = item.end;
        }
        sum.hash(&mut in_order);
        in_order.finish()
    }

    pub fn node(&self, number: usize) -> Option<&Node> {
        self.nodes.get(number)
    }

    /// All nodes, in the order in which they stand in the text.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The numbers of a container's items.
    pub fn items(&self, container: usize) -> impl Iterator<Item = usize> {
        let end = self.nodes.get(container).map_or(0, |node| node.end);
        let mut at = container + 1;
        std::iter::from_fn(move || {
            let item = self.nodes.get(at).filter(|_| at < end)?;
            Some(std::mem::replace(&mut at, item.end))
        })
    }

    /// The key as it was written, without its quotes.
    pub fn raw_key(&self, number: usize) -> &'a str {
        let key = self.nodes.get(number).map_or(0..0, |node| node.key.clone());
        self.text
            .get(key)
            .map_or("", |key| key.strip_prefix('"').unwrap_or(key).strip_suffix('"').unwrap_or(key))
    }

    /// The value as it was written.
    pub fn written(&self, number: usize) -> &'a str {
        self.nodes.get(number).and_then(|node| self.text.get(node.text.clone())).unwrap_or_default()
    }
}

fn scalar_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
