//! The form that says which messages are exported, kept or replayed, and how; and the list of what is under way.
//!
//! What was chosen is counted by a job while the form shows, so that a person sees what it comes to before anything
//! happens.

mod count;
mod options;
mod works;

pub use options::{FormSubject, FormTarget};
pub use works::{WorkRow, show as show_works};

use eframe::egui::{Align, Button, Context, Label, Layout, RichText, Sense, Ui, vec2};

use crate::command::{Actions, ExchangeAction, ExchangeHow, ExchangeOrder, ExchangePurpose};
use crate::interchange::{Excerpt, ExportFormat, MessageOrigin, Preview, TypedMoment, files_for};
use crate::mqtt::filter;
use crate::panels::exchange::count::Counted;
use crate::panels::exchange::options::{FormOptions, RowOf};
use crate::panels::stream::summary_of_filters;
use crate::query::{Criterion, Sieve};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::{dialog, field};
use crate::ui::{language, theme};
use crate::words::{Language, exchange as words, widgets};

const WIDTH: f32 = 480.0;
const LABEL_WIDTH: f32 = 150.0;
const FIELD_WIDTH: f32 = 300.0;
/// The height of the lines that say what it comes to, so that the form keeps its size.
const PREVIEW_HEIGHT: f32 = 64.0;

/// The form for one purpose.
#[derive(Debug)]
pub struct ExchangeForm {
    purpose: ExchangePurpose,
    subject: FormSubject,
    /// Which of the subject's origins.
    origin: usize,
    filter: String,
    from: String,
    to: String,
    criteria: Vec<Criterion>,
    options: FormOptions,
    counted: Counted,
}

impl ExchangeForm {
    /// A form about the messages of a session, with a topic filter and criteria to begin with.
    pub fn new(
        purpose: ExchangePurpose,
        subject: FormSubject,
        filter: String,
        criteria: Vec<Criterion>,
    ) -> Self {
        Self {
            purpose,
            subject,
            origin: 0,
            filter,
            from: String::new(),
            to: String::new(),
            criteria,
            options: FormOptions::default(),
            counted: Counted::default(),
        }
    }

    /// Draws the form, each frame until it is closed. Returns whether it was.
    pub fn show(&mut self, ctx: &Context, targets: &[FormTarget], actions: &mut Actions) -> bool {
        let l = language(ctx);
        let (title, verb) = match self.purpose {
            ExchangePurpose::Export => (words::EXPORT, words::EXPORT_TO),
            ExchangePurpose::Snapshot => (words::SNAPSHOT, words::SAVE_AS),
            ExchangePurpose::Replay => (words::REPLAY, words::REPLAY_NOW),
        };
        let mut is_closed = false;
        let excerpt = self.excerpt();
        if let (Ok(excerpt), Some(origin)) = (&excerpt, self.origin()) {
            let key = format!("{} {} {} {}", self.origin, self.filter, self.from, self.to);
            self.counted.ask(ctx, key, &origin, excerpt);
        }
        let dismissed = dialog::show(ctx, "exchange", WIDTH, title.of(l), |ui| {
            self.what(ui, l);
            ui.add_space(size::GROUP);
            self.options.show(ui, self.purpose, &self.subject, targets, l);
            ui.add_space(size::GROUP);
            let order = self.order(excerpt, targets);
            self.tell(ui, &order, l);
            dialog::buttons(ui, |ui| {
                is_closed |= ui.button(widgets::CANCEL.of(l)).clicked();
                let text = RichText::new(verb.of(l)).font(theme::strong_font());
                if ui.add_enabled(order.is_ok(), Button::new(text)).clicked()
                    && let Ok(order) = order
                {
                    actions.push(ExchangeAction::Start(Box::new(order)));
                }
            });
        });
        is_closed || dismissed
    }

    /// Draws the rows that say which messages.
    fn what(&mut self, ui: &mut Ui, l: Language) {
        let Self { subject, origin, filter, from, to, criteria, purpose, .. } = self;
        row(ui, words::FROM_WHERE.of(l), |ui| {
            options::origins(ui, subject, origin, l);
        });
        row(ui, words::TOPICS.of(l), |ui| {
            text_field(ui, words::TOPICS.of(l), words::ALL.of(l), filter);
        });
        if *purpose == ExchangePurpose::Snapshot {
            return;
        }
        for (name, text) in [(words::FROM, from), (words::TO, to)] {
            row(ui, name.of(l), |ui| text_field(ui, name.of(l), words::TIME_HINT.of(l), text));
        }
        if !criteria.is_empty() {
            row(ui, words::FILTERS.of(l), |ui| {
                let text = summary_of_filters(criteria, l);
                ui.add(Label::new(RichText::new(&text).font(theme::mono_small_font())).truncate())
                    .on_hover_text(text);
            });
        }
    }

    fn origin(&self) -> Option<MessageOrigin> {
        self.subject.origins.get(self.origin).map(|(_, origin)| origin.clone())
    }

    /// Which messages are wanted, or what is wrong with what was typed.
    fn excerpt(&self) -> Result<Excerpt, crate::words::Label> {
        let filter = self.filter.trim();
        if !filter.is_empty() && filter::check_filter(filter).is_err() {
            return Err(words::BAD_FILTER);
        }
        let at = |text: &str| match text.trim() {
            "" => Ok(None),
            text => TypedMoment::parse(text).map(Some).ok_or(words::BAD_TIME),
        };
        Ok(Excerpt {
            filters: Some(filter.to_owned()).filter(|filter| !filter.is_empty()).into_iter().collect(),
            from: at(&self.from)?,
            to: at(&self.to)?,
            sieve: Sieve::new(&self.criteria),
            rules: self.subject.rules.clone(),
        })
    }

    /// What is to be done, or why it cannot be done yet; an empty reason where the count says it.
    fn order(
        &self,
        excerpt: Result<Excerpt, crate::words::Label>,
        targets: &[FormTarget],
    ) -> Result<ExchangeOrder, Option<crate::words::Label>> {
        let excerpt = excerpt.map_err(Some)?;
        let how = self.options.how(self.purpose, targets).map_err(Some)?;
        let (Some(origin), Some(preview)) = (self.origin(), self.counted.known()) else { return Err(None) };
        if preview.messages == 0 {
            return Err(Some(words::NOTHING));
        }
        let FormSubject { session, name, .. } = &self.subject;
        let preview = preview.clone();
        Ok(ExchangeOrder { session: *session, name: name.clone(), origin, excerpt, preview, how })
    }

    /// Says what it comes to, or what is missing.
    fn tell(&self, ui: &mut Ui, order: &Result<ExchangeOrder, Option<crate::words::Label>>, l: Language) {
        let t = tokens(ui);
        let (text, color) = match order {
            Ok(ExchangeOrder { preview, how, .. }) => (summary(preview, how, l), t.text_muted),
            Err(Some(why)) => (why.of(l).to_owned(), t.error),
            Err(None) if self.counted.has_failed() => (words::NOT_COUNTED.of(l).to_owned(), t.error),
            Err(None) => (words::counting(self.counted.so_far(), l), t.text_muted),
        };
        let room = vec2(ui.available_width(), PREVIEW_HEIGHT);
        ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(room);
            ui.add(Label::new(RichText::new(text).color(color)).wrap());
        });
    }
}

/// What an order comes to.
fn summary(preview: &Preview, how: &ExchangeHow, l: Language) -> String {
    match how {
        ExchangeHow::Snapshot { last, .. } => words::snapshot_preview(preview, *last, l),
        ExchangeHow::Export(ExportFormat::Mcap) => {
            let files = files_for(usize::try_from(preview.topics).unwrap_or(usize::MAX));
            let split = if files > 1 { format!("\n{}", words::split(files, l)) } else { String::new() };
            format!("{}{split}", words::preview(preview, l))
        }
        ExchangeHow::Export(_) | ExchangeHow::Replay { .. } => words::preview(preview, l),
    }
}

/// The filter for everything at and below a topic; empty for all topics.
pub fn filter_below(topic: &str) -> String {
    if topic.is_empty() { String::new() } else { format!("{topic}/#") }
}

/// A name and, beside it, what belongs to it.
fn row(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui)) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        ui.set_min_height(RowOf::HEIGHT);
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, RowOf::HEIGHT), Sense::hover());
        let galley = one_line(ui, name, theme::text_font(), t.text_muted, LABEL_WIDTH);
        paint_line(ui, rect.left_center(), galley, t.text_muted);
        value(ui);
    });
    ui.add_space(4.0);
}

fn text_field(ui: &mut Ui, name: &str, hint: &str, text: &mut String) {
    let hint = RichText::new(hint).color(tokens(ui).text_muted);
    field::line(ui, name, field::STRING_BYTES_MAX, text, |edit| {
        edit.font(theme::mono_font()).hint_text(hint).desired_width(FIELD_WIDTH)
    });
}
