//! The cost of the model, per operation and per topic.
//!
//! `cargo bench --bench model` prints the memory of a million topics first, then times. The topics are those of
//! `examples/flood.rs`: `flat` has four levels and ten topics per device, `wide` has all topics under one parent.

mod common;

use common::{MILLION, PAYLOAD, Stream, Topics, apply, flat, million, wide};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use mqttree::message::Timestamp;
use mqttree::model::{Extractor, Limits, Matcher, Model, NodeId, Order};
use mqttree::payload::preview;
use mqttree::query::{Readings, Rule, Rules};

fn main() {
    print_memory("flat", flat);
    print_memory("wide", wide);
    divan::main();
}

/// Resident memory in bytes, from the kernel.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

fn print_memory(name: &str, topics: Topics) {
    let before = resident_bytes();
    let mut model = Model::new(Limits::default());
    for i in 0..MILLION {
        apply(&mut model, topics(i).as_bytes(), b"12.34", 0);
    }
    while model.roll_up(Timestamp(0)) {}
    model.expand_all();
    let bytes = (resident_bytes() - before) / MILLION as usize;
    let stats = model.stats();
    let [tree, history] = [stats.tree_bytes, stats.history_bytes].map(|bytes| bytes / MILLION as usize);
    println!("{name}: {bytes} bytes per topic resident, of which tree {tree}, messages {history}");
}

#[divan::bench(sample_count = 20)]
fn apply_to_1000_known_topics(bencher: Bencher) {
    let stream = Stream::new(1_000, flat);
    let mut model = Model::new(Limits::default());
    // Fills the log, so that eviction is measured too.
    stream.apply(&mut model, 0..4_000_000, PAYLOAD);
    bencher
        .counter(ItemsCount::new(100_000u32))
        .bench_local(|| stream.apply(&mut model, 0..100_000, PAYLOAD));
}

/// Ingest while sixty rows are read by decoder rules: the rate with 50 rules is to be at least 90 % of that without. A
/// roll-up and sixty previews follow every 10,000 messages, as in a window that shows a busy broker.
#[divan::bench(args = [0, 50], sample_count = 20)]
fn ingest_beside_decoder_rules(bencher: Bencher, count: usize) {
    let stream = Stream::new(1_000, flat);
    let mut model = Model::new(Limits::default());
    stream.apply(&mut model, 0..1_000, PAYLOAD);
    while model.roll_up(Timestamp(0)) {}
    let rows: Vec<NodeId> = (0..60).filter_map(|row| model.find(flat(row).as_bytes())).collect();
    let rules = Rules::new((0..count).map(|rule| Rule::new(format!("+/rule-{rule}/+/#"), "json")));
    let mut readings = Readings::default();
    bencher.counter(ItemsCount::new(100_000u32)).bench_local(|| {
        for part in 0..10 {
            stream.apply(&mut model, part * 10_000..(part + 1) * 10_000, PAYLOAD);
            while model.roll_up(Timestamp(0)) {}
            for row in &rows {
                let Some(topic) = model.node(*row).and_then(|node| node.topic) else { continue };
                let choice = readings.choice_of(&model, &rules, &topic.newest);
                black_box(preview(topic.newest.payload(), choice.as_ref(), 160));
            }
        }
    });
}

/// The cost per refused message of a topic storm once the tree has reached its limit.
#[divan::bench(sample_count = 10)]
fn refuse_a_million_new_topics(bencher: Bencher) {
    let stream = Stream::new(MILLION, flat);
    let mut model = Model::new(Limits { tree_bytes: 16 << 20, ..Limits::default() });
    stream.apply(&mut model, 0..500_000, b"12.34");
    bencher
        .counter(ItemsCount::new(500_000u32))
        .bench_local(|| stream.apply(&mut model, 500_000..MILLION as usize, b"12.34"));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 10)]
fn apply_to_a_million_known_topics(bencher: Bencher, shape: &str) {
    let (mut model, stream) = million(shape_of(shape));
    bencher.counter(ItemsCount::new(MILLION)).bench_local(|| {
        stream.apply(&mut model, 0..MILLION as usize, PAYLOAD);
    });
}

#[divan::bench(args = ["flat", "wide"], sample_count = 3, sample_size = 1)]
fn apply_a_million_new_topics(bencher: Bencher, shape: &str) {
    let stream = Stream::new(MILLION, shape_of(shape));
    bencher.counter(ItemsCount::new(MILLION)).bench_local(|| {
        let mut model = Model::new(Limits::default());
        stream.apply(&mut model, 0..stream.len(), b"12.34");
        model
    });
}

fn shape_of(name: &str) -> Topics {
    if name == "wide" { wide } else { flat }
}

/// A frame while half a million messages a second arrive: 16,000 topics have changed.
#[divan::bench(args = ["flat", "wide"], sample_count = 50, sample_size = 1)]
fn roll_up_16000_of_a_million_topics(bencher: Bencher, shape: &str) {
    let (mut model, stream) = million(shape_of(shape));
    let model = std::cell::RefCell::new(&mut model);
    let next = std::cell::Cell::new(0);
    bencher
        .with_inputs(|| {
            let from = next.get();
            next.set(from + 16_000);
            stream.apply(&mut model.borrow_mut(), from..from + 16_000, PAYLOAD);
        })
        .bench_local_values(|()| while model.borrow_mut().roll_up(Timestamp(next.get() as i64)) {});
}

fn draw(model: &Model, first: u64) -> usize {
    let rows = model.rows(first, 60).map(|row| model.node(row.node));
    rows.flatten().map(|node| node.segment.len() + node.topic.map_or(0, |t| t.newest.payload().len())).sum()
}

#[divan::bench(args = ["flat", "wide"])]
fn sixty_rows_anywhere_in_a_million(bencher: Bencher, shape: &str) {
    let (mut model, _) = million(shape_of(shape));
    model.expand_all();
    let mut random = fastrand::Rng::with_seed(1);
    bencher.bench_local(|| draw(&model, random.u64(0..model.row_count())));
}

#[divan::bench(args = ["flat", "wide"])]
fn row_of_any_topic_in_a_million(bencher: Bencher, shape: &str) {
    let (mut model, stream) = million(shape_of(shape));
    model.expand_all();
    let mut random = fastrand::Rng::with_seed(1);
    let nodes: Vec<NodeId> =
        (0..1_000).filter_map(|_| model.find(stream.get(random.usize(0..stream.len())))).collect();
    bencher.bench_local(|| model.row_of(nodes[random.usize(0..nodes.len())]));
}

#[divan::bench(args = ["flat", "wide"])]
fn collapse_and_expand_a_first_level_of_a_million(bencher: Bencher, shape: &str) {
    let (mut model, _) = million(shape_of(shape));
    model.expand_all();
    let Some(row) = model.rows(0, 1).next() else { return };
    bencher.bench_local(|| {
        model.collapse(row.node);
        model.expand(row.node);
    });
}

#[divan::bench(args = ["flat", "wide"], sample_count = 10)]
fn expand_all_of_a_million(bencher: Bencher, shape: &str) {
    let (mut model, _) = million(shape_of(shape));
    bencher.bench_local(|| model.expand_all());
}

#[derive(Clone)]
struct Contains(memchr::memmem::Finder<'static>);

impl Matcher for Contains {
    fn topic(&self, topic: &[u8]) -> bool {
        self.0.find(topic).is_some()
    }

    fn payload(&self, payload: &[u8]) -> bool {
        self.0.find(payload).is_some()
    }
}

#[divan::bench(args = [("flat", "absent"), ("flat", "temperature"), ("flat", "i"), ("wide", "absent"), ("wide", "e")],
    sample_count = 10)]
fn search_a_million_topics_and_payloads(bencher: Bencher, (shape, needle): (&str, &str)) {
    let (mut model, _) = million(shape_of(shape));
    let needle: &'static str = needle.to_owned().leak();
    bencher.bench_local(|| {
        model.set_filter(Some(Box::new(Contains(memchr::memmem::Finder::new(needle)))));
        model.search_step(usize::MAX)
    });
}

#[divan::bench(args = ["flat", "wide"], sample_count = 10)]
fn start_a_search_and_look_at_the_first_10000(bencher: Bencher, shape: &str) {
    let (mut model, _) = million(shape_of(shape));
    bencher.bench_local(|| {
        model.set_filter(Some(Box::new(Contains(memchr::memmem::Finder::new("e")))));
        model.search_step(10_000)
    });
}

/// The longest call, and the total, when a million siblings are sorted by another order.
#[divan::bench(args = ["flat", "wide"], sample_count = 4, sample_size = 1)]
fn sort_a_million_by_messages_and_back_by_name(bencher: Bencher, shape: &str) {
    let (mut model, stream) = million(shape_of(shape));
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..100_000 {
        apply(&mut model, stream.get(random.usize(0..stream.len())), b"1", 0);
    }
    while model.roll_up(Timestamp(0)) {}
    model.expand_all();
    let mut longest = std::time::Duration::ZERO;
    bencher.bench_local(|| {
        for order in [Order::Messages, Order::Name] {
            let mut start = std::time::Instant::now();
            model.set_order(order);
            longest = longest.max(start.elapsed());
            loop {
                start = std::time::Instant::now();
                let more = model.resort(Timestamp(0));
                longest = longest.max(start.elapsed());
                if !more {
                    break;
                }
            }
        }
    });
    println!("(longest call: {longest:.1?})");
}

struct Seventh;

impl Extractor for Seventh {
    fn value(&self, payload: &[u8]) -> Option<f64> {
        payload.get(7).map(|&byte| f64::from(byte))
    }
}

#[divan::bench(sample_count = 50)]
fn sample_a_million_points_for_1000_columns(bencher: Bencher) {
    let mut model = Model::new(Limits::default());
    apply(&mut model, b"a", PAYLOAD, 0);
    let Some(id) = model.find(b"a").and_then(|node| model.add_series(node, Box::new(Seventh))) else {
        return;
    };
    for i in 0..i64::from(MILLION) {
        apply(&mut model, b"a", PAYLOAD, i * 1_000);
    }
    let Some(series) = model.series(id) else { return };
    bencher.bench_local(|| series.sample(1.0..=999.0, 1_000, f64::INFINITY));
}
