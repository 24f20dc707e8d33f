//! Asks a query in jq of the shown message or of the topic's history, and shows what it gives.

use std::path::PathBuf;

use eframe::egui::{self, Align, Button, Context, Key, Layout, RichText, Ui, vec2};

use crate::model::Stored;
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
/// Room for the choice and the button beside the field.
const BESIDE_WIDTH: f32 = 250.0;

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
        let columns = text_view::columns(ui, ui.available_width() - size::PADDING);
        self.collect();
        if self.bar(ui) {
            let values = self.values(scene, content, readings);
            self.run(values, columns, ui.ctx());
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
        let choices = [
            (QueryOf::Message, words::QUERY_MESSAGE),
            (QueryOf::Each, words::QUERY_EACH),
            (QueryOf::All, words::QUERY_ALL),
        ];
        if let Some(of) = segments(&mut bar, words::QUERY_OF.of(l), &choices, Some(self.of)) {
            self.of = of;
        }
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

    fn values(
        &self,
        scene: &Scene<'_>,
        content: &Content,
        readings: &mut Readings,
    ) -> Vec<(bytes::Bytes, Option<Choice>)> {
        let shown = scene.model.message(content.message.id);
        let newest =
            scene.model.node(content.message.id.node()).and_then(|node| node.topic).map(|topic| topic.newest);
        if let (QueryOf::Each | QueryOf::All, Some(newest)) = (self.of, newest) {
            let before = scene.model.history_before(newest.id());
            let messages = std::iter::once(newest).chain(before).take(LISTED_MAX);
            let read = |stored: Stored<'_>| {
                let choice = readings.choice_of(scene.model, scene.rules, &stored);
                (stored.payload_shared(), choice)
            };
            let mut values: Vec<_> = messages.map(read).collect();
            values.reverse();
            return values;
        }
        let choice = shown.and_then(|stored| readings.choice_of(scene.model, scene.rules, &stored));
        vec![(content.message.payload.clone(), choice)]
    }

    fn run(&mut self, values: Vec<(bytes::Bytes, Option<Choice>)>, columns: usize, ctx: &Context) {
        let program = self.program.clone().or_else(|| std::env::current_exe().ok()).unwrap_or_default();
        let (query, is_array) = (self.text.clone(), self.of == QueryOf::All);
        self.end = None;
        self.result = None;
        self.job = Some(Job::spawn("query payload", ctx, move |cancel| {
            let lines = values.iter().map(|(payload, choice)| value_line(payload, choice.as_ref()));
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
