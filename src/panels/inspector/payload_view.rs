//! The payload: tabs for its views, actions on it, and the chosen view.

use eframe::egui::{self, Align, Color32, Layout, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::command::{Action, Actions, Command, Notice, PlotAction, SparkplugAction, TopicAction};
use crate::panels::command_button::command_icon;
use crate::panels::decoders;
use crate::panels::inspector::byte_panel::BytePanel;
use crate::panels::inspector::change_watch::ChangeWatch;
use crate::panels::inspector::comparison::Comparison;
use crate::panels::inspector::content::{Content, Drawing, PayloadView, Readiness};
use crate::panels::inspector::diff_view::DiffAs;
use crate::panels::inspector::find_bar::FindBar;
use crate::panels::inspector::level::centered;
use crate::panels::inspector::linked_bytes::{self, LinkedBytes};
use crate::panels::inspector::picture_view::{self, PicturePlace};
use crate::panels::inspector::query_view::QueryView;
use crate::panels::inspector::sources::HexRows;
use crate::panels::inspector::{diff_view, tree_view};
use crate::panels::scene::Scene;
use crate::payload::LimitError;
use crate::payload::decode::{DECODERS, DecodeError, Format, Shape};
use crate::payload::json::path_at_line;
use crate::payload::query::JsonPath;
use crate::query::Readings;
use crate::query::sparkplug::SparkplugTopic;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::controls::{icon_button, tab_list};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::end_of_topic;
use crate::ui::widgets::text_view::{self, Copied, Selection, Spot, TextShown, TextView, TextViewState};
use crate::ui::{icons, language, theme};
use crate::words::inspector::{self as words, PayloadRemark};
use crate::words::{Label, Language, payload, sparkplug};

/// A view that takes longer than this says that it is being prepared.
pub const PATIENCE_SECONDS: f64 = 0.1;
/// Left margin of plain text and of hex.
const MARGIN: f32 = size::PADDING;
/// Width of the bar that says how far decoding is, and how often it moves.
const PROGRESS_WIDTH: f32 = 160.0;
const PROGRESS_SECONDS: f32 = 0.1;
/// Height of the line below the text.
const NOTE_HEIGHT: f32 = 22.0;

/// Scroll position and selection of each view, kept separately.
#[derive(Debug, Default)]
pub struct Places {
    /// One state per format, in the order of the table.
    formats: [TextViewState; DECODERS.len()],
    diff: TextViewState,
    changes: TextViewState,
    /// How a comparison is told.
    diff_as: DiffAs,
    /// The comparison is with the message before.
    pub against_before: bool,
    picture: PicturePlace,
    bytes: BytePanel,
    /// The bytes below a tree, and what was selected when tree and hex were last brought together.
    linked: LinkedBytes,
    linked_hex: Selection,
    linked_line: Option<usize>,
    /// What changed lately.
    pub marked: ChangeWatch,
    /// The query of this topic.
    pub query: QueryView,
    readings: Readings,
    /// The field that a person wants as a column of the history.
    pub wanted_column: Option<JsonPath>,
    /// A person wants the learned shape in a file.
    pub wants_shape: bool,
    /// The search inside what shows.
    pub find: FindBar,
    /// The text that shows, to give it the keyboard, and whether it has it.
    text: Option<(egui::Id, bool)>,
}

impl Places {
    fn of(&mut self, view: PayloadView) -> &mut TextViewState {
        match view {
            PayloadView::As(format) => &mut self.formats[format as usize],
            PayloadView::Diff if self.diff_as == DiffAs::Values => &mut self.changes,
            PayloadView::Diff | PayloadView::Query => &mut self.diff,
        }
    }

    /// Whether the text or the search inside it has the keyboard.
    pub fn has_keyboard(&self) -> bool {
        self.text.is_some_and(|(_, has_keyboard)| has_keyboard) || self.find.has_keyboard()
    }

    /// The places in another topic, which keep the query.
    #[must_use]
    pub fn of_next_topic(self) -> Self {
        Self {
            query: self.query.of_next_topic(),
            diff_as: self.diff_as,
            marked: self.marked.of_next_topic(),
            ..Self::default()
        }
    }

    /// The path of the value at the selection; `None` if nothing was selected, or the view has no values.
    fn selected_path(&mut self, content: &mut Content, view: PayloadView) -> Option<JsonPath> {
        // The value that a selected byte belongs to.
        let view = match view {
            PayloadView::As(Format::Hex) if self.of(view).selection != Selection::default() => {
                PayloadView::As(content.linked_format()?)
            }
            view => view,
        };
        let head = self.of(view).selection.head;
        let format = match (view, content.comparison()) {
            (PayloadView::As(format), _) => format,
            (PayloadView::Diff, Some(Comparison::Changes(compared)))
                if self.diff_as == DiffAs::Values && head != Spot::default() =>
            {
                return compared.values.as_ref().ok()?.path(head.line).cloned();
            }
            (PayloadView::Diff | PayloadView::Query, _) => return None,
        };
        let Ok(Drawing::Rows(laid)) = content.decoding_mut(format)? else { return None };
        if head == Spot::default() {
            return None;
        }
        if let Some(known) = laid.rows.path(head.line) {
            return Some(known);
        }
        let (path, _) = path_at_line(laid.rows.document(), head.line)?;
        laid.rows.remember_path(head.line, path.clone());
        Some(path)
    }

    /// Clears the selection, which belongs to another message.
    pub fn deselect(&mut self) {
        for place in self.formats.iter_mut().chain([&mut self.diff, &mut self.changes]) {
            place.selection = Selection::default();
        }
        (self.linked_hex, self.linked_line) = (Selection::default(), None);
    }
}

/// What the person asked for above the payload.
#[derive(Debug, Default)]
pub struct TabsResponse {
    /// The view chosen, if another one was.
    pub chosen: Option<PayloadView>,
    /// Whether "Publish again" was pressed.
    pub compose: bool,
    /// Whether "Find in payload" was pressed.
    pub find: bool,
}

/// Draws the tabs and buttons.
pub fn tabs(
    ui: &mut Ui,
    scene: &Scene<'_>,
    content: &Content,
    view: PayloadView,
    actions: &mut Actions,
) -> TabsResponse {
    let mut outcome = TabsResponse::default();
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
    let line = egui::Stroke::new(1.0, t.line);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);

    let inside = rect.with_max_x(rect.right() - 4.0).with_max_y(rect.bottom() - 1.0);
    let mut right = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("actions")
            .max_rect(inside)
            .layout(Layout::right_to_left(Align::Center)),
    );
    right.spacing_mut().item_spacing.x = 0.0;
    let (name, help) = (words::PUBLISH_AGAIN.of(l), words::PUBLISH_AGAIN_HELP.of(l));
    if icon_button(&mut right, icons::NOTE_PENCIL, name, help).clicked() {
        outcome.compose = true;
    }
    if icon_button(&mut right, icons::MAGNIFYING_GLASS, words::FIND.of(l), words::FIND_HELP.of(l)).clicked() {
        outcome.find = true;
    }
    command_icon(&mut right, Command::SavePayload, actions);
    command_icon(&mut right, Command::CopyPayload, actions);
    decoders::chooser(&mut right, scene, content.message.id.node(), content.seen_by(view).as_ref(), actions);
    let node = content.message.id.node();
    if SparkplugTopic::of(&scene.model.topic_bytes(node)).is_some() {
        let (name, help) = (sparkplug::SHOW_STATE.of(l), sparkplug::SHOW_STATE_HELP.of(l));
        if icon_button(&mut right, icons::PULSE, name, help).clicked() {
            actions.push(SparkplugAction::Show(node));
        }
    }
    if content.is_number {
        let (name, help) = (words::PLOT_VALUE.of(l), words::PLOT_VALUE_HELP.of(l));
        if icon_button(&mut right, icons::CHART_LINE, name, help).clicked() {
            actions.push(PlotAction::Add { node: content.message.id.node(), path: None });
        }
    }

    let inside = rect.with_min_x(rect.left()).with_max_x(right.min_rect().left());
    let mut left = ui.new_child(
        egui::UiBuilder::new().id_salt("views").max_rect(inside).layout(Layout::left_to_right(Align::Max)),
    );
    let views: Vec<_> = content.views().map(|view| (view, name_of(view).of(l))).collect();
    outcome.chosen = tab_list(&mut left, words::PAYLOAD_VIEW.of(l), &views, Some(view));
    outcome
}

fn name_of(view: PayloadView) -> Label {
    match view {
        PayloadView::As(format) => payload::format(format),
        PayloadView::Diff => words::DIFF,
        PayloadView::Query => words::QUERY_TAB,
    }
}

/// How many columns of text a view has room for in `ui`.
pub fn columns_of(ui: &Ui, view: PayloadView) -> usize {
    let beside = match view {
        PayloadView::As(format) => match format.decoder().shape() {
            Shape::Tree => tree_view::GUTTER + tree_view::BUTTON,
            Shape::Text | Shape::Bytes | Shape::Picture => MARGIN + 4.0,
        },
        PayloadView::Diff | PayloadView::Query => tree_view::GUTTER + 4.0,
    };
    text_view::columns(ui, ui.available_width() - beside)
}

/// Draws the payload into the rest of `ui`. `more` is said of it below. Returns whether
/// text is being selected.
pub fn body(
    ui: &mut Ui,
    scene: &Scene<'_>,
    content: &mut Content,
    view: PayloadView,
    more: &[PayloadRemark],
    places: &mut Places,
    actions: &mut Actions,
) -> bool {
    let l = language(ui);
    find(ui, content, view, places, actions);
    let path = places.selected_path(content, view);
    let mut remarks = remarks(content, view, places, l);
    remarks.extend_from_slice(more);
    let room = room_above(ui, path.is_some() || !remarks.is_empty());
    let text_room = room.with_min_y((room.top() + 4.0).min(room.bottom()));
    let mut inside =
        ui.new_child(egui::UiBuilder::new().scope_id(ui.scope_id().with("body")).max_rect(text_room));
    ui.advance_cursor_after_rect(room);
    let selecting = view_of(&mut inside, scene, content, view, places, actions);
    remark_line(ui, path.as_ref(), &remarks, actions);
    selecting
}

/// Draws the search and follows it to where it leads.
fn find(ui: &mut Ui, content: &mut Content, view: PayloadView, places: &mut Places, actions: &mut Actions) {
    let has_text = match view {
        PayloadView::As(format) => format.decoder().shape() != Shape::Picture,
        PayloadView::Diff | PayloadView::Query => false,
    };
    if places.find.is_open() && has_text {
        places.find.show(ui, places.text.map(|(id, _)| id));
    }
    places.find.prepare((content.message.id, view), content.haystack(view), ui.ctx());
    let PayloadView::As(format) = view else { return };
    let columns = columns_of(ui, view);
    let bytes = content.message.payload.clone();
    let reveal = places.find.take_reveal();
    let Places { formats, find, .. } = places;
    let state = &mut formats[format as usize];
    match (content.decoding_mut(format), &reveal) {
        (Some(Ok(Drawing::Rows(laid))), reveal) => {
            laid.rows.set_marks(find.marks());
            let Some(found) = reveal else { return };
            let place = |offset: usize| {
                let (line, byte) = laid.rows.document().place_of(offset);
                Spot { line, byte }
            };
            let (anchor, head) = (place(found.start), place(found.end));
            laid.rows.open_to(anchor.line);
            state.selection = Selection { anchor, head };
            state.reveal(laid.rows.row_of(anchor.line, anchor.byte));
        }
        (Some(Ok(Drawing::Bytes)), Some(found)) => {
            let rows = HexRows::new(bytes, columns);
            state.selection = rows.selection_of(found);
            state.reveal(rows.row_of(found.start));
        }
        _ => return,
    }
    if reveal.is_some() {
        // What was found must not move away.
        actions.push(TopicAction::Inspect(Some(content.message.id)));
    }
}

fn view_of(
    ui: &mut Ui,
    scene: &Scene<'_>,
    content: &mut Content,
    view: PayloadView,
    places: &mut Places,
    actions: &mut Actions,
) -> bool {
    let l = language(ui);
    if content.message.payload.is_empty() && !matches!(view, PayloadView::Diff | PayloadView::Query) {
        let what = words::EMPTY_PAYLOAD.of(l);
        read_out(ui, what);
        empty::show(ui, what, words::EMPTY_PAYLOAD_HELP.of(l));
        return false;
    }
    match content.readiness(view) {
        Readiness::Ready => {}
        Readiness::Failed => {
            said(ui, words::DECODING_FAILED.of(l));
            return false;
        }
        Readiness::Cancelled => {
            let text = words::DECODING_CANCELLED.of(l);
            read_out(ui, text);
            let mut again = false;
            empty::show_with(ui, text, words::DECODING_CANCELLED_HELP.of(l), |ui| {
                again = ui.button(words::DECODE_AGAIN.of(l)).clicked();
            });
            if again {
                content.resume(view);
            }
            return false;
        }
        Readiness::Waiting { since } => {
            let now = ui.input(|input| input.time);
            if now - since < PATIENCE_SECONDS {
                said(ui, "");
            } else {
                said(ui, &words::decoding(content.message.payload.len() as u64, l));
                if waiting(ui, content.share(view)) {
                    content.cancel(view);
                }
            }
            return false;
        }
    }
    let shown = match view {
        PayloadView::As(format) => decoded(ui, content, format, places, actions),
        PayloadView::Diff => {
            let Places { diff, changes, diff_as, .. } = places;
            diff_view::show_comparison(ui, content, diff_as, changes, diff)
        }
        PayloadView::Query => places.query.show(ui, scene, content, &mut places.readings),
    };
    places.text = shown.as_ref().map(|TextShown { response, .. }| (response.id, response.has_focus()));
    link(ui, content, view, places);
    let place = places.of(view);
    let Some(TextShown { response, copied }) = shown else { return false };
    if let Some(copied) = copied {
        copy(copied, l, actions);
    }
    response.dragged() || (response.has_focus() && !place.selection.is_empty())
}

fn decoded(
    ui: &mut Ui,
    content: &mut Content,
    format: Format,
    places: &mut Places,
    actions: &mut Actions,
) -> Option<TextShown> {
    let l = language(ui);
    let Places {
        formats,
        picture: picture_place,
        find,
        bytes: byte_panel,
        wanted_column,
        wants_shape,
        linked,
        ..
    } = places;
    let place = &mut formats[format as usize];
    let (message, is_number) = (content.message.id, content.is_number);
    let node = message.node();
    let bytes = content.message.payload.clone();
    let columns = columns_of(ui, PayloadView::As(format));
    let name = words::PAYLOAD_READOUT.of(l);
    let limit = content.limits().decoded_bytes_max;
    match content.decoding_mut(format)? {
        Ok(Drawing::Rows(laid)) => {
            let ctx = ui.ctx().clone();
            laid.fit(columns, &ctx);
            *wants_shape |= laid.rows.take_wants_shape();
            *wanted_column = laid.rows.take_wanted_column().or(wanted_column.take());
            Some(match format.decoder().shape() {
                Shape::Tree if laid.rows.document().has_spans() => {
                    let room = ui.available_rect_before_wrap();
                    let beside = LinkedBytes::height(&laid.rows, place, &bytes, room.height());
                    let (above, below) = room.split_top_bottom_at_y(room.bottom() - beside);
                    let id = ui.scope_id();
                    let mut tree =
                        ui.new_child(egui::UiBuilder::new().scope_id(id.with("tree")).max_rect(above));
                    let shown = tree_view::show(&mut tree, &mut laid.rows, place, node, is_number, actions);
                    let mut other = None;
                    if beside > 0.0 {
                        let builder = egui::UiBuilder::new().scope_id(id.with("linked")).max_rect(below);
                        let mut inside = ui.new_child(builder);
                        other = linked.show(&mut inside, message, &bytes, &mut laid.rows, place).copied;
                    }
                    ui.advance_cursor_after_rect(room);
                    TextShown { copied: shown.copied.or(other), ..shown }
                }
                Shape::Tree => tree_view::show(ui, &mut laid.rows, place, node, is_number, actions),
                Shape::Text | Shape::Bytes | Shape::Picture => {
                    TextView { name, source: &laid.rows, gutter: MARGIN }.show(ui, place, |_, _, _| {})
                }
            })
        }
        Ok(Drawing::Bytes) => {
            let source = HexRows::new(bytes.clone(), columns).marking(find.marks());
            let room = ui.available_rect_before_wrap();
            let selected =
                (place.selection != Selection::default()).then(|| source.bytes_of(place.selection));
            let beside = selected.as_ref().map_or(0.0, |_| BytePanel::height(room.height()));
            let (above, below) = room.split_top_bottom_at_y(room.bottom() - beside);
            let mut hex =
                ui.new_child(egui::UiBuilder::new().scope_id(ui.scope_id().with("hex")).max_rect(above));
            let view = TextView { name, source: &source, gutter: MARGIN };
            let shown = view.show(&mut hex, place, |_, _, _| {});
            if let Some(selected) = &selected {
                let mut inside = ui.new_child(egui::UiBuilder::new().id_salt("bytes").max_rect(below));
                byte_panel.show(&mut inside, &bytes, selected);
            }
            ui.advance_cursor_after_rect(room);
            Some(shown)
        }
        Ok(Drawing::Picture(picture)) => {
            picture_view::show(ui, picture, bytes.len() as u64, picture_place);
            None
        }
        Err(error) => {
            let (what, why) = (payload::not_shown(format, error).of(l), payload::decode_error(error, l));
            let is_bound = matches!(error, DecodeError::Limit(LimitError::TooLarge { bytes_max, .. }) if *bytes_max == limit);
            read_out(ui, &words::fault(what, &why, l));
            empty::show_with(ui, what, &why, |ui| {
                // The bound is a person's to move.
                if is_bound && ui.button(words::CHANGE_LIMIT.of(l)).clicked() {
                    actions.run(Command::Settings);
                }
            });
            None
        }
    }
}

fn remarks(content: &Content, view: PayloadView, places: &Places, language: Language) -> Vec<PayloadRemark> {
    let mut remarks = Vec::new();
    if let (PayloadView::Diff, Some(Comparison::Changes(compared))) = (view, content.comparison()) {
        remarks.extend(diff_view::remarks(compared, places.diff_as, places.against_before, language));
    }
    let packings = content.packings(view);
    if !packings.is_empty() {
        remarks.push(PayloadRemark::info(words::unpacked(packings, language)));
    }
    remarks.extend(words::notes(&content.notes(view), language));
    remarks
}

fn room_above(ui: &Ui, with_line: bool) -> egui::Rect {
    let room = ui.available_rect_before_wrap();
    if with_line { room.with_max_y((room.bottom() - NOTE_HEIGHT).max(room.top())) } else { room }
}

/// Selects the bytes of the value that was selected in its tree, or the value whose bytes were.
fn link(ui: &Ui, content: &mut Content, view: PayloadView, places: &mut Places) {
    let hex = PayloadView::As(Format::Hex);
    let source = HexRows::new(content.message.payload.clone(), columns_of(ui, hex));
    if view == hex {
        let selection = places.of(hex).selection;
        let Some(format) = content.linked_format().filter(|_| selection != places.linked_hex) else { return };
        places.linked_hex = selection;
        let Some(rows) = content.rows_mut(PayloadView::As(format)) else { return };
        let tree = &mut places.formats[format as usize];
        if selection == Selection::default() {
            tree.selection = selection;
        } else {
            places.linked_line = linked_bytes::select_value(rows, tree, source.bytes_of(selection).start);
        }
    } else if let Some(rows) = content.rows(view).filter(|rows| rows.document().has_spans()) {
        let selection = places.of(view).selection;
        if places.linked_line == Some(selection.head.line) {
            return;
        }
        places.linked_line = Some(selection.head.line);
        let bytes = linked_bytes::bytes_of(rows.document(), selection);
        let place = places.of(hex);
        place.selection = bytes.as_ref().map_or_else(Selection::default, |bytes| {
            place.reveal(source.row_of(bytes.start));
            source.selection_of(bytes)
        });
        places.linked_hex = places.of(hex).selection;
    }
}

/// Draws the path of the selected value, and what else is to be said.
fn remark_line(ui: &mut Ui, path: Option<&JsonPath>, remarks: &[PayloadRemark], actions: &mut Actions) {
    if path.is_none() && remarks.is_empty() {
        return;
    }
    let t = tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.line));
    let area = rect.shrink2(vec2(size::PADDING, 0.0));
    let mut inside = ui.new_child(
        egui::UiBuilder::new().id_salt("remarks").max_rect(area).layout(Layout::left_to_right(Align::Center)),
    );
    if let Some(path) = path {
        let l = language(ui);
        let text = path.to_string();
        let most = if remarks.is_empty() { area.width() } else { area.width() / 2.0 };
        let shown = end_of_line(&inside, &text, most);
        let label = egui::Label::new(shown).sense(Sense::click()).selectable(false);
        let response = inside.add(label).on_hover_text(words::COPY_PATH.of(l));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words::selected_path(&text, l)));
        if response.clicked() {
            actions.push(Action::Copy { what: words::PATH, text });
        }
        inside.add_space(size::PADDING);
    }
    if remarks.is_empty() {
        return;
    }
    let color = |is_warning: bool| -> Color32 { if is_warning { t.warn } else { t.text_muted } };
    let is_warning = remarks.iter().any(|remark| remark.is_warning);
    let text = remarks.iter().map(|remark| remark.text.as_str()).collect::<Vec<_>>().join("   ");
    let label = egui::Label::new(RichText::new(&text).font(theme::small_font()).color(color(is_warning)));
    inside.add(label.truncate());
}

/// A path as wide as there is room; its end says most.
fn end_of_line(ui: &Ui, path: &str, width: f32) -> std::sync::Arc<egui::Galley> {
    end_of_topic(ui, path, &theme::mono_small_font(), tokens(ui).text_muted, width)
}

/// Draws how far a job is, below the sentence that says so, and its button; whether it is to stop.
fn waiting(ui: &mut Ui, share: f32) -> bool {
    let l = language(ui);
    let room = ui.available_rect_before_wrap();
    let place =
        egui::Rect::from_center_size(room.center() + vec2(0.0, 32.0), vec2(PROGRESS_WIDTH + 120.0, 26.0));
    let builder = egui::UiBuilder::new()
        .scope_id(ui.scope_id().with("waiting"))
        .max_rect(place)
        .layout(Layout::left_to_right(Align::Center));
    let mut inside = ui.new_child(builder);
    inside.add(egui::ProgressBar::new(share).desired_width(PROGRESS_WIDTH).desired_height(6.0));
    // What shows moves on although nothing else happens.
    ui.ctx().request_repaint_after_secs(PROGRESS_SECONDS);
    inside.button(words::CANCEL_DECODING.of(l)).clicked()
}

/// Draws a sentence instead of the text.
pub fn said(ui: &mut Ui, text: &str) {
    read_out(ui, text);
    centered(ui, text);
}

/// Draws what failed and why instead of the text.
pub fn fault(ui: &mut Ui, what: &str, why: &str) {
    read_out(ui, &words::fault(what, why, language(ui)));
    empty::show(ui, what, why);
}

fn read_out(ui: &mut Ui, text: &str) {
    let name = words::PAYLOAD_READOUT.of(language(ui));
    let response = ui.interact(ui.available_rect_before_wrap(), text_view::id(ui, name), Sense::hover());
    access::readout(ui, &response, name, text);
}

/// Puts what was selected on the clipboard.
pub fn copy(copied: Copied, language: Language, actions: &mut Actions) {
    let Copied { text, cut } = copied;
    if cut {
        actions.push(Action::Notify(Notice::error(words::SELECTION_CUT.of(language))));
    }
    actions.push(Action::Copy { what: words::SELECTION, text });
}
