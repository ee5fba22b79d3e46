//! Joint decisions of a partnership: the list of what is open, the log of what was decided, and the
//! form in which a question is asked.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use serde::Deserialize;
use tieline_model::decision::stage::Stage;
use tieline_model::decision::{
    DecisionRules, Delegating, GradientRule, MAX_OPTIONS, MajorityBase, MajorityRule, Method,
    MethodKind, RankedRule, Secrecy, VoterUnit,
};
use tieline_model::fraction::Share;
use tieline_model::id::DecisionId;
use tieline_store::{
    Constraint, DecisionDraft, DecisionOption, DecisionQuery, JointDecision, StoreError,
};

use super::conflict::{self, Late, Row};
use super::decision_time::{moment_of, typed, zone_here};
use super::decision_words::{
    method_name, secrecy_name, stage_name, stage_tone, unit_name, verdict_name,
};
use super::form::{Fault, fault_of};
use super::notes::MAX_NOTE;
use super::partnership::{Head, Tab};
use super::partnerships::{MAX_ABOUT, changed_at};
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::page::page;
use crate::room::InRoom;
use crate::shell::{Done, Shell};

/// Decisions of one part of a list.
pub(crate) const PAGE: u64 = 50;

/// Longest question or name of an option, characters.
const MAX_LINE: usize = 200;

/// A decision in a list.
struct Listed {
    id: DecisionId,
    question: String,
    how: String,
    tone: &'static str,
    stage: String,
    /// When it closes, was counted, or is looked at again.
    when: String,
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct ListPage {
    shell: Shell,
    head: Head,
    id: String,
    open: Vec<Listed>,
    log: Vec<Listed>,
    /// What is searched for.
    q: String,
    /// Where each list goes on.
    more_open: Option<DecisionId>,
    more_log: Option<DecisionId>,
}

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    before: String,
    open_before: String,
}

/// `GET /partnerships/{id}/decisions`.
pub(crate) async fn list(
    State(app): State<App>,
    room: InRoom,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let text = Some(asked.q.trim().to_owned()).filter(|text| !text.is_empty());
    let portion = async |is_log: bool, before: &str| {
        let before = before.parse().ok();
        let query = DecisionQuery { is_log, text: text.clone(), before, limit: PAGE + 1 };
        let mut found = app.store.joint_decisions(room.id(), &query, room.by).await?;
        let more = found.len() as u64 > PAGE;
        found.truncate(PAGE as usize);
        let next = found.last().filter(|_| more).map(|last| last.id);
        Ok::<_, AppError>((found.iter().map(listed).collect::<Vec<_>>(), next))
    };
    let (open, more_open) = portion(false, &asked.open_before).await?;
    let (log, more_log) = portion(true, &asked.before).await?;
    page(&ListPage {
        head: Head::new(&room, Tab::Decisions),
        id: room.id().to_string(),
        open,
        log,
        q: asked.q,
        more_open,
        more_log,
        shell: room.shell(&app).with_toast(done.toast()),
    })
}

fn listed(one: &JointDecision) -> Listed {
    let when = match (one.stage, one.closes_at, one.outcome.review_on) {
        (Stage::Decide, Some(at), _) if one.verdict.is_none() => {
            t!("decisions-closes", at = here::moment(at))
        }
        (Stage::Review, _, Some(on)) => t!("decisions-review-on", day = here::day(on.date())),
        _ => t!("decisions-asked-on", day = here::date(one.asked)),
    };
    Listed {
        id: one.id,
        question: one.question.clone(),
        how: t!(
            "decisions-how",
            method = method_name(one.rules.method.kind()),
            unit = unit_name(one.rules.voter_unit)
        ),
        tone: stage_tone(one.stage),
        stage: match one.verdict {
            Some(verdict) if one.stage == Stage::Decide => verdict_name(verdict),
            _ => stage_name(one.stage),
        },
        when,
    }
}

/// What the form of a question brings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct AskForm {
    pub(crate) question: String,
    pub(crate) why: String,
    pub(crate) proposal: String,
    /// One option a line; after a bar what is to be known about it.
    pub(crate) options: String,
    pub(crate) method: String,
    pub(crate) base: String,
    pub(crate) threshold: String,
    pub(crate) veto: String,
    pub(crate) support: String,
    pub(crate) discuss: String,
    pub(crate) most: String,
    pub(crate) dots: String,
    pub(crate) per_option: String,
    pub(crate) budget: String,
    pub(crate) rule: String,
    pub(crate) voters: String,
    pub(crate) quorum: String,
    pub(crate) secrecy: String,
    pub(crate) passing: String,
    pub(crate) chain: String,
    pub(crate) talk: String,
    pub(crate) closes: String,
    pub(crate) version: i64,
}

impl Default for AskForm {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            question: String::new(),
            why: String::new(),
            proposal: String::new(),
            options: String::new(),
            method: text(MethodKind::Consent.name()),
            base: text(MajorityBase::Simple.name()),
            threshold: text("1/2"),
            veto: text("0"),
            support: text("4/5"),
            discuss: text("1/5"),
            most: text("5"),
            dots: text("5"),
            per_option: String::new(),
            budget: text("100"),
            rule: text(RankedRule::Schulze.name()),
            voters: text(VoterUnit::Party.name()),
            quorum: text("1/2"),
            secrecy: text(Secrecy::OpenAtClose.name()),
            passing: String::new(),
            chain: String::new(),
            talk: String::new(),
            closes: String::new(),
            version: 0,
        }
    }
}

impl AskForm {
    /// The form that a question would have been asked with.
    fn of(one: &JointDecision, options: &[DecisionOption], zone: &TimeZone) -> Self {
        let line = |option: &DecisionOption| match option.note.is_empty() {
            true => option.text.clone(),
            false => format!("{} | {}", option.text, option.note),
        };
        let rules = &one.rules;
        let mut form = Self {
            question: one.question.clone(),
            why: one.why.clone(),
            proposal: one.proposal.clone(),
            options: options.iter().map(line).collect::<Vec<_>>().join("\n"),
            method: rules.method.kind().name().to_owned(),
            voters: rules.voter_unit.name().to_owned(),
            quorum: rules.quorum.to_string(),
            secrecy: rules.secrecy.name().to_owned(),
            talk: typed(one.discuss_until, zone),
            closes: typed(one.closes_at, zone),
            version: one.version,
            ..Self::default()
        };
        if let Delegating::Yes { max_chain } = rules.delegating {
            form.passing = "on".to_owned();
            form.chain = max_chain.map(|most| most.to_string()).unwrap_or_default();
        }
        match rules.method {
            Method::Majority(rule) => {
                form.base = rule.base.name().to_owned();
                form.threshold = rule.threshold.to_string();
            }
            Method::Gradients(rule) => {
                form.veto = rule.max_veto.to_string();
                form.support = rule.support.to_string();
                form.discuss = rule.discuss_above.to_string();
            }
            Method::Score { max } => form.most = max.to_string(),
            Method::Dot { dots, per_option } => {
                form.dots = dots.to_string();
                form.per_option = per_option.map(|most| most.to_string()).unwrap_or_default();
            }
            Method::Quadratic { budget } => form.budget = budget.to_string(),
            Method::Ranked(rule) => form.rule = rule.name().to_owned(),
            Method::Consent | Method::Approval => {}
        }
        form
    }
}

/// What a form says; what is wrong with it is added to the faults.
pub(crate) fn understand(
    form: &AskForm,
    zone: &TimeZone,
    faults: &mut Vec<Fault>,
) -> DecisionDraft {
    if form.question.trim().is_empty() {
        faults.push(Fault::new("question", t!("decisions-question-missing")));
    }
    within("question", &form.question, MAX_LINE, faults);
    within("why", &form.why, MAX_NOTE, faults);
    within("proposal", &form.proposal, MAX_NOTE, faults);
    let options = options(&form.options, faults);
    let rules = rules(form, faults);
    DecisionDraft {
        question: form.question.clone(),
        why: form.why.clone(),
        proposal: form.proposal.replace("\r\n", "\n"),
        options,
        rules,
        discuss_until: moment_of("talk", &form.talk, zone, faults),
        closes_at: moment_of("closes", &form.closes, zone, faults),
    }
}

fn options(text: &str, faults: &mut Vec<Fault>) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let all: Vec<(String, String)> = lines
        .map(|line| line.split_once('|').unwrap_or((line, "")))
        .map(|(name, note)| (name.trim().to_owned(), note.trim().to_owned()))
        .collect();
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let is_twice = |(at, name): (usize, &&str)| name.is_empty() || names[..at].contains(name);
    if names.iter().enumerate().any(is_twice) {
        faults.push(Fault::new("options", t!("decisions-options-twice")));
    }
    if all.len() > MAX_OPTIONS {
        faults.push(Fault::new("options", t!("decisions-options-many", n = MAX_OPTIONS)));
    }
    for (name, note) in &all {
        within("options", name, MAX_LINE, faults);
        within("options", note, MAX_ABOUT, faults);
    }
    all
}

fn share(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> Share {
    text.parse().unwrap_or_else(|_| {
        faults.push(Fault::new(field, t!("decisions-bad-share")));
        Share::HALF
    })
}

fn whole(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> u32 {
    text.trim().parse().unwrap_or_else(|_| {
        faults.push(Fault::new(field, t!("decisions-bad-number")));
        1
    })
}

fn method(form: &AskForm, faults: &mut Vec<Fault>) -> Method {
    match MethodKind::from_name(&form.method) {
        Some(MethodKind::Consent) => Method::Consent,
        Some(MethodKind::Approval) => Method::Approval,
        Some(MethodKind::Gradients) => Method::Gradients(GradientRule {
            max_veto: whole("veto", &form.veto, faults).into(),
            support: share("support", &form.support, faults),
            discuss_above: share("discuss", &form.discuss, faults),
        }),
        Some(MethodKind::Majority) => Method::Majority(MajorityRule {
            base: MajorityBase::from_name(&form.base).unwrap_or(MajorityBase::Simple),
            threshold: share("threshold", &form.threshold, faults),
        }),
        Some(MethodKind::Score) => Method::Score { max: whole("most", &form.most, faults) },
        Some(MethodKind::Dot) => {
            let most = Some(form.per_option.trim()).filter(|most| !most.is_empty());
            Method::Dot {
                dots: whole("dots", &form.dots, faults),
                per_option: most.map(|most| whole("per_option", most, faults)),
            }
        }
        Some(MethodKind::Quadratic) => {
            Method::Quadratic { budget: whole("budget", &form.budget, faults) }
        }
        Some(MethodKind::Ranked) => {
            Method::Ranked(RankedRule::from_name(&form.rule).unwrap_or(RankedRule::Schulze))
        }
        None => {
            faults.push(Fault::new("method", t!("decisions-method-missing")));
            Method::Consent
        }
    }
}

fn rules(form: &AskForm, faults: &mut Vec<Fault>) -> DecisionRules {
    let delegating = match form.passing.as_str() {
        "on" => {
            let most = Some(form.chain.trim()).filter(|most| !most.is_empty());
            Delegating::Yes { max_chain: most.map(|most| whole("chain", most, faults)) }
        }
        _ => Delegating::No,
    };
    let rules = DecisionRules {
        method: method(form, faults),
        voter_unit: VoterUnit::from_name(&form.voters).unwrap_or(VoterUnit::Party),
        quorum: share("quorum", &form.quorum, faults),
        secrecy: Secrecy::from_name(&form.secrecy).unwrap_or(Secrecy::OpenAtClose),
        delegating,
    };
    if let Err(error) = rules.check() {
        let (field, text) = super::decision_words::rules_fault(error);
        faults.push(Fault::new(field, text));
    }
    rules
}

#[derive(Template)]
#[template(path = "decision_form.html")]
struct FormPage {
    shell: Shell,
    base: String,
    name: String,
    title: String,
    action: String,
    typed: AskForm,
    faults: Vec<Fault>,
}

impl FormPage {
    fn methods(&self) -> Vec<(&'static str, String, bool)> {
        let one =
            |kind: &MethodKind| (kind.name(), method_name(*kind), kind.name() == self.typed.method);
        MethodKind::ALL.iter().map(one).collect()
    }

    fn secrecies(&self) -> Vec<(&'static str, String, bool)> {
        let one =
            |one: &Secrecy| (one.name(), secrecy_name(*one), one.name() == self.typed.secrecy);
        Secrecy::ALL.iter().map(one).collect()
    }

    fn units(&self) -> Vec<(&'static str, String, bool)> {
        let one = |one: &VoterUnit| (one.name(), unit_name(*one), one.name() == self.typed.voters);
        VoterUnit::ALL.iter().map(one).collect()
    }

    fn bases(&self) -> Vec<(&'static str, String, bool)> {
        let one = |one: &MajorityBase| {
            let name = super::decision_words::base_name(*one);
            (one.name(), name, one.name() == self.typed.base)
        };
        MajorityBase::ALL.iter().map(one).collect()
    }

    fn ranked(&self) -> Vec<(&'static str, String, bool)> {
        let one = |one: &RankedRule| {
            let name = super::decision_words::ranked_name(*one);
            (one.name(), name, one.name() == self.typed.rule)
        };
        RankedRule::ALL.iter().map(one).collect()
    }

    /// Settings of methods: of which, field, label, value.
    fn settings(&self) -> Vec<(String, &'static str, String, &str)> {
        let of = |kind| method_name(kind);
        let typed = &self.typed;
        vec![
            (of(MethodKind::Majority), "threshold", t!("decisions-threshold"), &*typed.threshold),
            (of(MethodKind::Gradients), "support", t!("decisions-support"), &*typed.support),
            (of(MethodKind::Gradients), "discuss", t!("decisions-discuss-above"), &*typed.discuss),
            (of(MethodKind::Gradients), "veto", t!("decisions-vetoes"), &*typed.veto),
            (of(MethodKind::Score), "most", t!("decisions-most"), &*typed.most),
            (of(MethodKind::Dot), "dots", t!("decisions-dots"), &*typed.dots),
            (of(MethodKind::Dot), "per_option", t!("decisions-per-option"), &*typed.per_option),
            (of(MethodKind::Quadratic), "budget", t!("decisions-budget"), &*typed.budget),
        ]
    }
}

fn form_page(
    app: &App,
    room: &InRoom,
    id: Option<DecisionId>,
    typed: AskForm,
    faults: Vec<Fault>,
) -> FormPage {
    let base = room.base();
    let (title, action) = match id {
        Some(id) => (t!("decisions-edit-title"), format!("{base}/decisions/{id}/edit")),
        None => (t!("decisions-new-title"), format!("{base}/decisions/new")),
    };
    let name = room.room.partnership.name.clone();
    FormPage { shell: room.shell(app), base, name, title, action, typed, faults }
}

/// `GET /partnerships/{id}/decisions/new`.
pub(crate) async fn new(State(app): State<App>, room: InRoom) -> Result<Response, AppError> {
    page(&form_page(&app, &room, None, AskForm::default(), Vec::new()))
}

/// `POST /partnerships/{id}/decisions/new`.
pub(crate) async fn create(
    State(app): State<App>,
    room: InRoom,
    Form(form): Form<AskForm>,
) -> Result<Response, AppError> {
    let mut faults = Vec::new();
    let draft = understand(&form, &zone_here(), &mut faults);
    if !faults.is_empty() {
        let again = page(&form_page(&app, &room, None, form, faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let tx = room.begin(&app).await?;
    let id = tx.ask_joint_decision(room.id(), &draft, room.by).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/decisions/{id}?done=asked", room.base())).into_response())
}

/// The decision of a path.
pub(crate) async fn decision_of(
    app: &App,
    room: &InRoom,
    id: &str,
) -> Result<(JointDecision, Vec<DecisionOption>), AppError> {
    let id: DecisionId = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(app.store.joint_decision((room.id(), id), room.by).await?)
}

/// Whether its words and rules may still change.
pub(crate) fn is_draft(one: &JointDecision) -> bool {
    matches!(one.stage, Stage::Discuss | Stage::Propose)
}

/// `GET /partnerships/{id}/decisions/{decision}/edit`.
pub(crate) async fn edit(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (one, options) = decision_of(&app, &room, &id).await?;
    if !is_draft(&one) {
        return Err(AppError::NotFound);
    }
    let typed = AskForm::of(&one, &options, &zone_here());
    page(&form_page(&app, &room, Some(one.id), typed, Vec::new()))
}

/// `POST /partnerships/{id}/decisions/{decision}/edit`.
pub(crate) async fn save(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(form): Form<AskForm>,
) -> Result<Response, AppError> {
    let (one, _) = decision_of(&app, &room, &id).await?;
    let mut faults = Vec::new();
    let draft = understand(&form, &zone_here(), &mut faults);
    if !faults.is_empty() {
        let again = page(&form_page(&app, &room, Some(one.id), form, faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let tx = room.begin(&app).await?;
    let at = (room.id(), one.id);
    match tx.change_joint_decision(at, &draft, form.version, room.by).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{}/decisions/{id}?done=saved", room.base())).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &room, &id, form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Both versions, side by side.
async fn late(app: &App, room: &InRoom, id: &str, mine: AskForm) -> Result<Response, AppError> {
    let (one, options) = decision_of(app, room, id).await?;
    let kept = AskForm::of(&one, &options, &zone_here());
    let back = format!("{}/decisions/{id}", room.base());
    let (theirs, ours) = (fields(&kept), fields(&mine));
    let rows = theirs.into_iter().zip(&ours).map(|((field, theirs), (_, mine))| Row {
        label: super::decision_words::field_name(field),
        theirs,
        mine: mine.clone(),
    });
    let late = Late {
        what: t!("decisions-question"),
        who: changed_at(one.changed),
        action: format!("{back}/edit"),
        back,
        rows: rows.collect(),
        fields: ours.into_iter().chain([("version", one.version.to_string())]).collect(),
    };
    conflict::show(room.shell(app), late)
}

fn fields(form: &AskForm) -> Vec<(&'static str, String)> {
    [
        ("question", &form.question),
        ("why", &form.why),
        ("proposal", &form.proposal),
        ("options", &form.options),
        ("method", &form.method),
        ("base", &form.base),
        ("threshold", &form.threshold),
        ("veto", &form.veto),
        ("support", &form.support),
        ("discuss", &form.discuss),
        ("most", &form.most),
        ("dots", &form.dots),
        ("per_option", &form.per_option),
        ("budget", &form.budget),
        ("rule", &form.rule),
        ("voters", &form.voters),
        ("quorum", &form.quorum),
        ("secrecy", &form.secrecy),
        ("passing", &form.passing),
        ("chain", &form.chain),
        ("talk", &form.talk),
        ("closes", &form.closes),
    ]
    .map(|(field, value)| (field, value.clone()))
    .into()
}
