//! The walk through two values at once.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use similar::{DiffOp, TextDiff};

use crate::payload::diff::lines::emphasis;
use crate::payload::diff::values::tree::{NodeKind, Tree};
use crate::payload::diff::values::{Change, ChangeKind, Changes, LISTED_MAX, NoChanges, on_one_line};
use crate::payload::json::decode;
use crate::payload::query::{JsonPath, Segment};
use crate::payload::{CancelCheck, LimitError};

/// Steps between two looks at the time.
const LOOK_EVERY: usize = 64;
/// Members that say which item of an array an object is, the best first.
const IDENTITIES: [&str; 5] = ["id", "_id", "uuid", "name", "key"];

/// Where in the new value the walk is: the step that led there, and the place before it.
#[derive(Clone, Debug)]
struct Place {
    before: Option<usize>,
    step: Segment,
}

/// What is still to be done, the next on top.
#[derive(Debug)]
enum Work {
    /// Compare two values that stand in the same place.
    Pair {
        old: usize,
        new: usize,
        place: Option<usize>,
    },
    Added {
        new: usize,
        place: Option<usize>,
    },
    Removed {
        old: usize,
        place: Option<usize>,
    },
    Moved {
        new: usize,
        from: usize,
        place: Option<usize>,
    },
}

pub(super) struct Comparing<'a, 't> {
    old: &'t Tree<'a>,
    new: &'t Tree<'a>,
    places: Vec<Place>,
    work: Vec<Work>,
    found: Changes,
    /// The most time for the search in one array.
    time_max: Duration,
}

impl<'a, 't> Comparing<'a, 't> {
    pub fn new(old: &'t Tree<'a>, new: &'t Tree<'a>, time_max: Duration) -> Self {
        let work = vec![Work::Pair { old: 0, new: 0, place: None }];
        Self { old, new, places: Vec::new(), work, found: Changes::default(), time_max }
    }

    pub fn run(
        mut self,
        is_late: CancelCheck<'_>,
        cancel: CancelCheck<'_>,
    ) -> Result<Result<Changes, NoChanges>, LimitError> {
        let mut steps = 0_usize;
        while let Some(work) = self.work.pop() {
            if steps.is_multiple_of(LOOK_EVERY) {
                if cancel() {
                    return Err(LimitError::Cancelled);
                }
                if is_late() {
                    return Ok(Err(NoChanges::TookTooLong));
                }
            }
            steps += 1;
            match work {
                Work::Pair { old, new, place } => self.pair(old, new, place),
                Work::Added { new, place } => {
                    self.found.added += 1;
                    self.list(place, |this| ChangeKind::Added(on_one_line(this.new.written(new))));
                }
                Work::Removed { old, place } => {
                    self.found.removed += 1;
                    self.list(place, |this| ChangeKind::Removed(on_one_line(this.old.written(old))));
                }
                Work::Moved { new, from, place } => {
                    self.found.moved += 1;
                    let value = |this: &Self| on_one_line(this.new.written(new));
                    self.list(place, |this| ChangeKind::Moved { from, value: value(this) });
                }
            }
        }
        // A search in an array that ran out of time gave an answer that is longer than it need be.
        Ok(if is_late() { Err(NoChanges::TookTooLong) } else { Ok(self.found) })
    }

    fn list(&mut self, place: Option<usize>, kind: impl FnOnce(&Self) -> ChangeKind) {
        if self.found.list.len() < LISTED_MAX {
            let change = Change { path: self.path(place), kind: kind(self) };
            self.found.list.push(change);
        }
    }

    fn path(&self, place: Option<usize>) -> JsonPath {
        let mut steps = Vec::new();
        let mut at = place;
        while let Some(place) = at.and_then(|at| self.places.get(at)) {
            steps.push(place.step.clone());
            at = place.before;
        }
        steps.into_iter().rev().collect()
    }

    fn step(&mut self, before: Option<usize>, step: Segment) -> usize {
        self.places.push(Place { before, step });
        self.places.len() - 1
    }

    fn pair(&mut self, old: usize, new: usize, place: Option<usize>) {
        let (Some(this), Some(that)) = (self.old.node(old), self.new.node(new)) else { return };
        if this.hash == that.hash && this.kind == that.kind {
            return;
        }
        match (this.kind, that.kind) {
            (NodeKind::Object, NodeKind::Object) => self.objects(old, new, place),
            (NodeKind::Array, NodeKind::Array) => self.arrays(old, new, place),
            _ => {
                self.found.changed += 1;
                self.list(place, |this| {
                    let (old, new) = (this.old.written(old), this.new.written(new));
                    let (old, new) = (on_one_line(old), on_one_line(new));
                    let emphasis = emphasis(&old, &new);
                    ChangeKind::Changed { old, new, emphasis }
                });
            }
        }
    }

    fn objects(&mut self, old: usize, new: usize, place: Option<usize>) {
        // The keys may be chosen to collide, which this hash withstands. One that stands there twice is matched in order.
        let mut left: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for member in self.old.items(old) {
            left.entry(self.old.raw_key(member)).or_default().push_back(member);
        }
        let mut todo = Vec::new();
        let members: Vec<usize> = self.new.items(new).collect();
        for member in members {
            let key = self.new.raw_key(member);
            let before = left.get_mut(key).and_then(VecDeque::pop_front);
            let is_same = before.is_some_and(|before| self.is_same(before, member));
            if is_same {
                continue;
            }
            let place = Some(self.step(place, Segment::Key(decode(key).into_owned())));
            todo.push(match before {
                Some(old) => Work::Pair { old, new: member, place },
                None => Work::Added { new: member, place },
            });
        }
        let mut gone: Vec<usize> = left.into_values().flatten().collect();
        gone.sort_unstable();
        for member in gone {
            let place = Some(self.step(place, Segment::Key(decode(self.old.raw_key(member)).into_owned())));
            todo.push(Work::Removed { old: member, place });
        }
        self.work.extend(todo.into_iter().rev());
    }

    fn is_same(&self, old: usize, new: usize) -> bool {
        match (self.old.node(old), self.new.node(new)) {
            (Some(old), Some(new)) => old.hash == new.hash && old.kind == new.kind,
            _ => false,
        }
    }

    fn arrays(&mut self, old: usize, new: usize, place: Option<usize>) {
        let (olds, news): (Vec<usize>, Vec<usize>) =
            (self.old.items(old).collect(), self.new.items(new).collect());
        let hashes = |tree: &Tree<'_>, items: &[usize]| -> Vec<u64> {
            items.iter().filter_map(|item| tree.node(*item)).map(|node| node.hash).collect()
        };
        let (old_hashes, new_hashes) = (hashes(self.old, &olds), hashes(self.new, &news));
        let ops = self.search(&old_hashes, &new_hashes);
        let mut fates = Fates::new(olds.len(), news.len());
        for op in &ops {
            if let DiffOp::Equal { old_index, new_index, len } = *op {
                (0..len).for_each(|at| fates.meet(old_index + at, new_index + at, Fate::Stays));
            }
        }
        // What was taken out and put in elsewhere has moved, be it as it was or, by its identity, with changes.
        fates.meet_by(|at| old_hashes.get(at).copied(), |at| new_hashes.get(at).copied(), Fate::Moves);
        let identity = |tree: &Tree<'a>, items: &[usize], at: usize| {
            items.get(at).and_then(|item| identity(tree, *item))
        };
        fates.meet_by(
            |at| identity(self.old, &olds, at),
            |at| identity(self.new, &news, at),
            Fate::MovesAndChanges,
        );
        // The rest of what was replaced is compared one by one.
        for op in &ops {
            if let DiffOp::Replace { old_index, old_len, new_index, new_len } = *op {
                fates.meet_in_order(old_index..old_index + old_len, new_index..new_index + new_len);
            }
        }
        fates.settle();
        self.carry_out(&fates, &olds, &news, place);
    }

    /// The shortest way from the old items to the new ones, as far as there is time for it.
    fn search(&self, old: &[u64], new: &[u64]) -> Vec<DiffOp> {
        // The crate takes a time, rather than a moment, for texts alone.
        let texts = |hashes: &[u64]| hashes.iter().map(|hash| format!("{hash:x}")).collect::<Vec<_>>();
        let (old, new) = (texts(old), texts(new));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        TextDiff::configure().timeout(self.time_max).diff_slices(&old, &new).ops().to_vec()
    }

    fn carry_out(&mut self, fates: &Fates, olds: &[usize], news: &[usize], place: Option<usize>) {
        let mut todo = Vec::new();
        let mut old_at = 0;
        for (at, new) in news.iter().copied().enumerate() {
            // What was removed stands before what came after it.
            let met = fates.of_new(at);
            if let Some((from, Fate::Stays | Fate::Changes)) = met {
                self.removed(fates, olds, old_at..from, place, &mut todo);
                old_at = old_at.max(from + 1);
            }
            match met {
                Some((_, Fate::Stays)) => {}
                Some((from, Fate::Changes)) => {
                    let place = Some(self.step(place, Segment::Index(at)));
                    todo.extend(olds.get(from).map(|old| Work::Pair { old: *old, new, place }));
                }
                Some((from, fate @ (Fate::Moves | Fate::MovesAndChanges))) => {
                    let place = Some(self.step(place, Segment::Index(at)));
                    if from != at {
                        todo.push(Work::Moved { new, from, place });
                    }
                    if fate == Fate::MovesAndChanges {
                        todo.extend(olds.get(from).map(|old| Work::Pair { old: *old, new, place }));
                    }
                }
                None => {
                    let place = Some(self.step(place, Segment::Index(at)));
                    todo.push(Work::Added { new, place });
                }
            }
        }
        self.removed(fates, olds, old_at..olds.len(), place, &mut todo);
        self.work.extend(todo.into_iter().rev());
    }

    fn removed(
        &mut self,
        fates: &Fates,
        olds: &[usize],
        range: std::ops::Range<usize>,
        place: Option<usize>,
        todo: &mut Vec<Work>,
    ) {
        for at in range.filter(|at| fates.is_left(*at)) {
            let place = Some(self.step(place, Segment::Index(at)));
            todo.extend(olds.get(at).map(|old| Work::Removed { old: *old, place }));
        }
    }
}

/// What says which item of an array an object is.
fn identity<'a>(tree: &Tree<'a>, item: usize) -> Option<(&'static str, &'a str)> {
    tree.node(item).filter(|node| node.kind == NodeKind::Object)?;
    IDENTITIES.into_iter().find_map(|name| {
        let member = tree.items(item).take(16).find(|member| tree.raw_key(*member) == name)?;
        tree.node(member).filter(|node| node.kind == NodeKind::Scalar)?;
        Some((name, tree.written(member)))
    })
}

/// What became of an item of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stays,
    /// It is compared with what stands in its place.
    Changes,
    Moves,
    MovesAndChanges,
}

/// Which old item became which new one.
struct Fates {
    of_new: Vec<Option<(usize, Fate)>>,
    is_met: Vec<bool>,
}

impl Fates {
    fn new(old: usize, new: usize) -> Self {
        Self { of_new: vec![None; new], is_met: vec![false; old] }
    }

    fn meet(&mut self, old: usize, new: usize, fate: Fate) {
        if let (Some(place), Some(is_met)) = (self.of_new.get_mut(new), self.is_met.get_mut(old)) {
            *place = Some((old, fate));
            *is_met = true;
        }
    }

    /// Pairs items that are left on both sides and have the same key, in order.
    fn meet_by<K: Eq + std::hash::Hash>(
        &mut self,
        old_key: impl Fn(usize) -> Option<K>,
        new_key: impl Fn(usize) -> Option<K>,
        fate: Fate,
    ) {
        let mut left: HashMap<K, VecDeque<usize>> = HashMap::new();
        for at in 0..self.is_met.len() {
            if let (true, Some(key)) = (self.is_left(at), old_key(at)) {
                left.entry(key).or_default().push_back(at);
            }
        }
        for at in 0..self.of_new.len() {
            if self.of_new(at).is_some() {
                continue;
            }
            let before = new_key(at).and_then(|key| left.get_mut(&key)?.pop_front());
            if let Some(before) = before {
                self.meet(before, at, fate);
            }
        }
    }

    fn meet_in_order(&mut self, old: std::ops::Range<usize>, new: std::ops::Range<usize>) {
        let olds: Vec<usize> = old.filter(|at| self.is_left(*at)).collect();
        let news: Vec<usize> = new.filter(|at| self.of_new(*at).is_none()).collect();
        olds.into_iter().zip(news).for_each(|(old, new)| self.meet(old, new, Fate::Changes));
    }

    /// Items that only made room for others, or followed them, have not moved.
    fn settle(&mut self) {
        let mut next_stays = vec![usize::MAX; self.of_new.len()];
        let mut next = usize::MAX;
        for (place, met) in next_stays.iter_mut().zip(&self.of_new).rev() {
            *place = next;
            if let Some((from, Fate::Stays | Fate::Changes)) = met {
                next = *from;
            }
        }
        let mut free_from = 0;
        for (met, next) in self.of_new.iter_mut().zip(next_stays) {
            match met {
                Some((from, Fate::Stays | Fate::Changes)) => free_from = *from + 1,
                Some((from, fate @ Fate::MovesAndChanges)) if (free_from..next).contains(from) => {
                    *fate = Fate::Changes;
                    free_from = *from + 1;
                }
                _ => {}
            }
        }
    }

    fn of_new(&self, at: usize) -> Option<(usize, Fate)> {
        self.of_new.get(at).copied().flatten()
    }

    /// Whether an old item became none of the new ones.
    fn is_left(&self, at: usize) -> bool {
        self.is_met.get(at).is_some_and(|is_met| !is_met)
    }
}
