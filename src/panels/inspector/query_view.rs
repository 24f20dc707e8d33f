//! Asks a query in jq of the shown message, of the topic's history or of the newest values below a level, and shows what
//! it gives.

use std::path::PathBuf;

use eframe::egui::{self, Align, Button, Context, Key, Layout, RichText, Ui, vec2};

use crate::model::{NodeId, Stored};
use crate::panels::inspector::content::{Content, Laid};
use crate::panels::inspector::history_list::LISTED_MAX;
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::payload::document::Document;
use crate::payload::{DecodeLimits, never};
use crate::query::{QueryAnswer, QueryEnd, Readings, run_query, value_line};
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::field;
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::text_view::{self, TextShown, TextView, TextViewState};
use crate::ui::{language, theme};
use crate::words::inspector as words;

const BAR_HEIGHT: f32 = 34.0;
/// Room for the button beside the field.
const BESIDE_WIDTH: f32 = 72.0;

/// What a query is asked of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryOf {
    /// The message that shows.
    #[default]
    Message,
    /// Each message of the history by itself, the oldest first.
    Each,
    /// All messages of the history as one array.
    All,
    /// The newest values at and below the selected level, with their topics, as one array.
    Below,
}

/// A message that a query is asked of.
struct Asked {
    payload: bytes::Bytes,
    choice: Option<Choice>,
    /// It stands beside the value, where there are several.
    topic: Option<String>,
}

impl Asked {
    /// The message as JSON on one line.
    fn line(&self) -> Vec<u8> {
        let value = value_line(&self.payload, self.choice.as_ref());
        let Some(topic) = &self.topic else { return value };
        let topic = serde_json::Value::from(topic.as_str());
        [format!("{{\"topic\":{topic},\"value\":").as_bytes(), value.as_slice(), b"}"].concat()
    }
}

/// What a query gave, and its results as they are drawn.
type Answered = (QueryAnswer, Option<Laid>);

/// What the view keeps between frames.
#[derive(Debug, Default)]
pub struct QueryView {
    text: String,
    of: QueryOf,
    job: Option<Job<Option<Answered>>>,
    end: Option<QueryEnd>,
    result: Option<Laid>,
    state: TextViewState,
    /// The program whose worker answers; `None`: this one.
    program: Option<PathBuf>,
}

impl QueryView {
    /// Lets the worker of another program answer, because the one that runs is a test.
    pub fn use_program(&mut self, program: PathBuf) {
        self.program = Some(program);
    }

    /// What stays when another topic is selected: the query, not what it gave.
    #[must_use]
    pub fn of_next_topic(self) -> Self {
        Self { text: self.text, of: self.of, program: self.program, ..Self::default() }
    }

    /// Draws the field and the results.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        content: &Content,
        readings: &mut Readings,
    ) -> Option<TextShown> {
        self.show_of(ui, scene, Some(content), content.message.id.node(), readings)
    }

    /// Draws the field and the results for a level of the tree, of which only what is below it can be asked.
    pub fn show_below(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        node: NodeId,
        readings: &mut Readings,
    ) -> Option<TextShown> {
        self.show_of(ui, scene, None, node, readings)
    }

    fn show_of(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        content: Option<&Content>,
        node: NodeId,
        readings: &mut Readings,
    ) -> Option<TextShown> {
        let columns = text_view::columns(ui, ui.available_width() - size::PADDING);
        self.collect();
        let is_asked = self.bar(ui);
        let of = if content.is_some() { self.choice(ui) } else { QueryOf::Below };
        if is_asked {
            let values = values(of, scene, content, node, readings);
            self.run(of, values, columns, ui.ctx());
        }
        self.said(ui);
        let result = self.result.as_mut()?;
        result.fit(columns, ui.ctx());
        let name = words::QUERY_RESULT.of(language(ui));
        Some(TextView { name, source: &result.rows, gutter: size::PADDING }.show(
            ui,
            &mut self.state,
            |_, _, _| {},
        ))
    }

    fn collect(&mut self) {
        let Some(job) = &self.job else { return };
        match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(Some((answer, result))) => {
                self.end = Some(answer.end);
                self.result = result;
                self.state = TextViewState::default();
            }
            JobProgress::Done(None) => {}
            JobProgress::Failed => self.end = Some(QueryEnd::Died),
        }
        self.job = None;
    }

    /// Draws the field; whether the query is to be asked.
    fn bar(&mut self, ui: &mut Ui) -> bool {
        let l = language(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR_HEIGHT), egui::Sense::hover());
        let inside = rect.shrink2(vec2(size::PADDING, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        let mut bar = ui.new_child(
            egui::UiBuilder::new().scope_id(ui.scope_id().with("query")).max_rect(inside).layout(layout),
        );
        let width = (inside.width() - BESIDE_WIDTH).max(80.0);
        let hint = RichText::new(words::QUERY_HINT.of(l)).color(tokens(ui).text_muted);
        let response =
            field::line(&mut bar, words::QUERY.of(l), field::PATH_BYTES_MAX, &mut self.text, |edit| {
                edit.hint_text(hint).font(theme::mono_font()).desired_width(width)
            });
        let entered = response.lost_focus() && bar.input(|input| input.key_pressed(Key::Enter));
        if self.job.is_some() {
            if bar.add(Button::new(words::STOP_QUERY.of(l))).clicked() {
                self.job = None;
                self.end = None;
            }
            return false;
        }
        let is_ready = !self.text.trim().is_empty();
        let run = bar
            .add_enabled(is_ready, Button::new(words::RUN_QUERY.of(l)))
            .on_hover_text(words::QUERY_HELP.of(l));
        is_ready && (run.clicked() || entered)
    }

    /// Draws what is asked; what is chosen.
    fn choice(&mut self, ui: &mut Ui) -> QueryOf {
        let l = language(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR_HEIGHT), egui::Sense::hover());
        let builder = egui::UiBuilder::new()
            .scope_id(ui.scope_id().with("query of"))
            .max_rect(rect.shrink2(vec2(size::PADDING, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut bar = ui.new_child(builder);
        let choices = [
            (QueryOf::Message, words::QUERY_MESSAGE),
            (QueryOf::Each, words::QUERY_EACH),
            (QueryOf::All, words::QUERY_ALL),
            (QueryOf::Below, words::QUERY_BELOW),
        ];
        if let Some(of) = segments(&mut bar, words::QUERY_OF.of(l), &choices, Some(self.of)) {
            self.of = of;
        }
        self.of
    }

    /// Draws how the query ended, if there is something to say.
    fn said(&self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        let (text, color) = match &self.end {
            _ if self.job.is_some() => (words::ASKING.of(l).to_owned(), t.text_muted),
            None => (words::QUERY_HELP.of(l).to_owned(), t.text_muted),
            Some(QueryEnd::Done) if self.result.is_none() => {
                (words::NO_RESULT.of(l).to_owned(), t.text_muted)
            }
            Some(QueryEnd::Done) => return,
            Some(end) => (words::query_end(end, l), t.error),
        };
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(size::PADDING as i8, 2)).show(ui, |ui| {
            ui.add(egui::Label::new(RichText::new(text).font(theme::small_font()).color(color)).wrap());
        });
    }

    fn run(&mut self, of: QueryOf, values: Vec<Asked>, columns: usize, ctx: &Context) {
        let program = self.program.clone().or_else(|| std::env::current_exe().ok()).unwrap_or_default();
        let (query, is_array) = (self.text.clone(), matches!(of, QueryOf::All | QueryOf::Below));
        self.end = None;
        self.result = None;
        self.job = Some(Job::spawn("query payload", ctx, move |cancel| {
            let lines = values.iter().map(Asked::line);
            let lines = if is_array {
                let mut array = b"[".to_vec();
                array.extend(lines.collect::<Vec<_>>().join(&b','));
                array.push(b']');
                vec![array]
            } else {
                lines.collect()
            };
            let answer = run_query(&program, &query, lines, &|| cancel.is_cancelled())?;
            let document = Document::from_text(answer.text.as_bytes(), &DecodeLimits::default(), &never).ok();
            let document = document.filter(|_| !answer.text.is_empty());
            let laid = document.and_then(|document| Laid::new(document, columns, &|| cancel.is_cancelled()));
            Some((answer, laid))
        }));
    }
}

/// The messages to ask, the oldest first.
fn values(
    of: QueryOf,
    scene: &Scene<'_>,
    content: Option<&Content>,
    node: NodeId,
    readings: &mut Readings,
) -> Vec<Asked> {
    let newest_of = |node| scene.model.node(node).and_then(|node| node.topic).map(|topic| topic.newest);
    let mut asked = |stored: Stored<'_>, topic: Option<String>| Asked {
        payload: stored.payload_shared(),
        choice: readings.choice_of(scene.model, scene.rules, &stored),
        topic,
    };
    match (of, newest_of(node), content) {
        (QueryOf::Below, ..) => {
            let topics = scene.model.subtree(node).filter_map(|node| Some((node, newest_of(node)?)));
            let name = |node| String::from_utf8_lossy(&scene.model.topic_bytes(node)).into_owned();
            let named = topics.take(LISTED_MAX).map(|(node, newest)| (name(node), newest));
            let mut named: Vec<_> = named.collect();
            named.sort_by(|(this, _), (that, _)| this.cmp(that));
            named.into_iter().map(|(name, newest)| asked(newest, Some(name))).collect()
        }
        (QueryOf::Each | QueryOf::All, Some(newest), _) => {
            let before = scene.model.history_before(newest.id());
            let messages = std::iter::once(newest).chain(before).take(LISTED_MAX);
            let mut values: Vec<_> = messages.map(|stored| asked(stored, None)).collect();
            values.reverse();
            values
        }
        (_, _, Some(content)) => {
            let choice = scene.model.message(content.message.id);
            let choice = choice.and_then(|stored| readings.choice_of(scene.model, scene.rules, &stored));
            vec![Asked { payload: content.message.payload.clone(), choice, topic: None }]
        }
        (_, _, None) => Vec::new(),
    }
}
