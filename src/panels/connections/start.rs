//! The start page, alone while no connection is saved and beside the list later: an address to connect to at once, what was connected to before, the demo,
//! and the settings of other programs on this machine.

use eframe::egui::{
    Context, Key, Label, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::command::{Actions, Command, ProfileAction};
use crate::mqtt::check::{Problem, check};
use crate::mqtt::options::{ConnectOptions, Protocol, Secrets};
use crate::panels::connections::ConnectionsScene;
use crate::payload::visible_name;
use crate::store::settings::Recent;
use crate::store::transfer::{Place, places};
use crate::store::url::{self, UrlError};
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::field;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::{self as all_words, Language, connections as words};

const WIDTH: f32 = 460.0;
const CONNECT_WIDTH: f32 = 112.0;
const ROW_HEIGHT: f32 = 30.0;
/// Ports on which brokers speak TLS: an address without a scheme means it there.
const TLS_PORTS: [u16; 3] = [8883, 8884, 443];

/// What the page keeps between frames.
#[derive(Debug, Default)]
pub(super) struct StartPage {
    typed: String,
    problem: Option<Mistake>,
    places: Places,
}

/// What other programs have on this machine; looked for once.
#[derive(Debug, Default)]
enum Places {
    #[default]
    Unknown,
    Looking(Job<Vec<Place>>),
    Known(Vec<Place>),
}

/// Why an address cannot be connected to.
#[derive(Debug)]
enum Mistake {
    Address(UrlError),
    Option(Problem),
}

impl Mistake {
    fn text(&self, l: Language) -> String {
        match self {
            Self::Address(error) => all_words::format::capitalised(all_words::url::error(*error, l)),
            Self::Option(problem) => all_words::check::issue(&problem.issue, l),
        }
    }
}

impl StartPage {
    /// Shows these instead of looking for what other programs have on this machine.
    pub fn set_places(&mut self, places: Vec<Place>) {
        self.places = Places::Known(places);
    }

    /// Draws the page.
    pub fn show(&mut self, ui: &mut Ui, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
        self.look(ui.ctx());
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = WIDTH.min(ui.available_width() - 2.0 * size::SECTION);
            let left = ((ui.available_width() - width) / 2.0).floor();
            ui.add_space((ui.available_height() * 0.14).clamp(size::SECTION, 140.0).floor());
            ui.horizontal_top(|ui| {
                ui.add_space(left - ui.spacing().item_spacing.x);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    self.content(ui, scene, actions);
                });
            });
        });
    }

    fn content(&mut self, ui: &mut Ui, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        ui.label(RichText::new(words::FIRST.of(l)).font(theme::page_font()));
        ui.add_space(size::SECTION);
        recent(ui, scene, actions);
        self.address(ui, actions);
        ui.add_space(size::SECTION);
        ui.horizontal_wrapped(|ui| {
            if primary_button(ui, words::NEW.of(l)).on_hover_text(words::FIRST_HELP.of(l)).clicked() {
                actions.push(ProfileAction::New);
            }
            if ui.button(words::IMPORT.of(l)).on_hover_text(words::IMPORT_HELP.of(l)).clicked() {
                actions.push(ProfileAction::Import);
            }
            let recording = ui.button(Command::OpenRecording.label(l));
            if recording.on_hover_text(Command::OpenRecording.tooltip(ui.ctx())).clicked() {
                actions.run(Command::OpenRecording);
            }
            let demo = ui.button(words::OPEN_DEMO.of(l));
            if demo.on_hover_text(words::OPEN_DEMO_HELP.of(l)).clicked() {
                actions.push(ProfileAction::OpenDemo);
            }
        });
        self.elsewhere(ui, actions);
        ui.add_space(size::SECTION);
        let keys = Command::Help.keys(ui.ctx());
        let foot = RichText::new(words::first_foot(&keys, l)).color(t.text_muted);
        ui.add(Label::new(foot.font(theme::small_font())).wrap());
        ui.add_space(size::SECTION);
    }

    fn look(&mut self, ctx: &Context) {
        match &self.places {
            Places::Unknown => {
                self.places = Places::Looking(Job::spawn("look for settings", ctx, |_| places()));
            }
            Places::Looking(job) => match job.poll() {
                JobProgress::Running => {}
                JobProgress::Done(places) => self.places = Places::Known(places),
                JobProgress::Failed => self.places = Places::Known(Vec::new()),
            },
            Places::Known(_) => {}
        }
    }

    fn address(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        let mut wanted = false;
        ui.horizontal(|ui| {
            let name = words::ADDRESS.of(l);
            let width = ui.available_width() - CONNECT_WIDTH;
            let hint = RichText::new(words::ADDRESS_HINT.of(l)).color(t.text_muted);
            let response =
                field::line(ui, name, field::PATH_BYTES_MAX, &mut self.typed, |edit: TextEdit<'_>| {
                    edit.id_salt("address").desired_width(width).hint_text(hint).margin(vec2(8.0, 4.0))
                });
            if response.changed() {
                self.problem = None;
            }
            wanted = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            wanted |= ui.button(words::CONNECT_NOW.of(l)).clicked();
        });
        if let Some(problem) = &self.problem {
            let text = RichText::new(problem.text(l)).color(t.error).font(theme::small_font());
            ui.add(Label::new(text).wrap());
        }
        if wanted {
            match read(&self.typed) {
                Ok(action) => {
                    self.typed.clear();
                    actions.push(action);
                }
                Err(problem) => self.problem = Some(problem),
            }
        }
    }

    fn elsewhere(&self, ui: &mut Ui, actions: &mut Actions) {
        let l = language(ui);
        let Places::Known(places) = &self.places else { return };
        for place in places {
            ui.add_space(size::GROUP);
            let text = words::take_over_from(place.source, l);
            if ui.button(text).on_hover_text(place.file.display().to_string()).clicked() {
                actions.push(ProfileAction::ReadFile(place.file.clone()));
            }
        }
    }
}

/// What was connected to before, each a row that connects.
fn recent(ui: &mut Ui, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let known = scene.settings.recent.iter().filter_map(|recent| match recent {
        Recent::Profile(id) => {
            let profile = scene.profiles.get(id)?;
            Some((profile.name.clone(), profile.connect.url(), ProfileAction::Connect(id.clone())))
        }
        Recent::Address(address) => read(address).ok().map(|action| (String::new(), address.clone(), action)),
    });
    let mut known = known.peekable();
    if known.peek().is_none() {
        return;
    }
    ui.label(RichText::new(words::RECENT.of(l)).font(theme::small_font()).color(t.text_muted));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (name, address, action) in known {
            if row(ui, &visible_name(&name), &visible_name(&address)) {
                actions.push(action);
            }
        }
    });
    ui.add_space(size::SECTION);
}

/// A connection by its name and its address, or by its address alone; `true` if it was chosen.
fn row(ui: &mut Ui, name: &str, address: &str) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let label = if name.is_empty() { address } else { name };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    if response.hovered() {
        ui.painter().rect_filled(
            rect.expand2(vec2(size::PADDING, 0.0)),
            f32::from(size::RADIUS),
            t.surface_2,
        );
    }
    if response.has_focus() {
        let ring = Stroke::new(1.5, t.accent);
        let around = rect.expand2(vec2(size::PADDING, 0.0));
        ui.painter().rect_stroke(around, f32::from(size::RADIUS), ring, StrokeKind::Inside);
    }
    let middle = rect.center().y;
    let mut left = rect.left();
    if !name.is_empty() {
        let galley = one_line(ui, name, theme::text_font(), t.text, rect.width() * 0.5);
        let width = galley.size().x;
        paint_line(ui, pos2(left, middle), galley, t.text);
        left += width + size::GROUP;
    }
    let color = if name.is_empty() { t.text } else { t.text_muted };
    let galley = one_line(ui, address, theme::mono_font(), color, rect.right() - left);
    paint_line(ui, pos2(left, middle), galley, color);
    response.on_hover_text(address).clicked()
}

/// The connection that an address names: a whole URL, or a host with or without a port.
fn read(typed: &str) -> Result<ProfileAction, Mistake> {
    let mut options = ConnectOptions { host: typed.trim().to_owned(), ..ConnectOptions::default() };
    if options.host.is_empty() {
        return Err(Mistake::Address(UrlError::NoHost));
    }
    let has_scheme = options.host.contains("://");
    let password = url::spread_host(&mut options).map_err(Mistake::Address)?;
    if !has_scheme && TLS_PORTS.contains(&options.port) {
        options.protocol = Protocol::Mqtts;
    }
    if let Some(problem) = check(&options).into_iter().next() {
        return Err(Mistake::Option(problem));
    }
    let secrets = Secrets { password: password.unwrap_or_default(), ..Secrets::default() };
    Ok(ProfileAction::OpenAddress(Box::new((options, secrets))))
}
