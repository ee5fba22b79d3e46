//! The workspace for programs: JSON under `/api/v1`. Reads and verbs are those of the pages and ask
//! the same rules; the two share the model, not each other. A program brings a token that an account
//! made for it; whatever it may not see is 404.

mod bulk;
pub(crate) mod caller;
mod cases;
mod challenges;
mod charters;
mod commitments;
mod decision_verbs;
mod decisions;
mod error;
mod expertise;
mod facts;
mod guests;
mod initiatives;
mod ledger;
mod listening;
mod network;
mod objectives;
mod own;
mod pacts;
mod partnership_verbs;
mod partnerships;
mod reads;
mod resources;
mod roles;
mod stakeholders;
mod topics;
pub(crate) mod types;
mod verbs;
mod what_if;
mod whole;
mod writes;
mod written;

use std::sync::Arc;

use axum::extract::Extension;
use axum::http::header;
use axum::response::IntoResponse;
use axum::{Json, Router};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::caller::Allowance;
pub use self::caller::MOST_A_MINUTE;
use self::error::ApiError;
use crate::app::App;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tieline",
        description = "Reads and verbs of a workspace. Lists are read on with the cursor that each part gives. Known quirks: units, ties and findings come whole, in one part.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        reads::me,
        reads::list_people,
        reads::show_person,
        reads::show_ties,
        reads::list_units,
        reads::list_findings,
        reads::findings_history,
        network::network_summary,
        network::network_groups,
        network::network_changes,
        network::network_export,
        what_if::what_if,
        reads::list_imports,
        reads::list_jobs,
        writes::log_contact,
        writes::undo_contact,
        writes::decide,
        written::add_person,
        written::say_name,
        written::add_place,
        verbs::remove_place,
        verbs::restore_place,
        written::list_notes,
        written::add_note,
        verbs::remove_note,
        verbs::restore_note,
        written::list_promises,
        written::add_promise,
        verbs::keep_promise,
        verbs::reopen_promise,
        verbs::withdraw_promise,
        written::add_tag,
        written::remove_tag,
        written::say_tie,
        written::withdraw_tie,
        written::change_note,
        facts::list_places,
        facts::change_place,
        facts::place_before,
        facts::list_fields,
        facts::show_fields,
        facts::set_fields,
        facts::add_unit,
        facts::show_unit,
        verbs::withdraw_unit,
        own::list_views,
        own::save_view,
        verbs::remove_view,
        own::show_rhythm,
        own::set_rhythm,
        own::list_snoozes,
        own::snooze,
        own::end_snooze,
        partnerships::list_partnerships,
        partnerships::add_partnership,
        partnerships::show_partnership,
        partnerships::change_partnership,
        verbs::remove_partnership,
        verbs::restore_partnership,
        partnerships::add_party,
        partnerships::rename_party,
        partnership_verbs::remove_party,
        partnership_verbs::restore_party,
        partnerships::write_side,
        partnerships::list_seats,
        partnerships::give_seat,
        partnerships::set_duty,
        partnership_verbs::end_seat,
        partnership_verbs::resume_seat,
        guests::list_links,
        guests::make_link,
        guests::mail_link,
        partnership_verbs::renew_link,
        partnership_verbs::end_link,
        partnerships::answer_question,
        partnerships::step_stage,
        whole::export_partnership,
        whole::partnership_dates,
        cases::list_cases,
        cases::list_mediated,
        cases::list_lessons,
        cases::raise_case,
        cases::show_case,
        cases::say_in_case,
        cases::give_numbers,
        cases::step_case,
        partnership_verbs::remove_case_point,
        partnership_verbs::restore_case_point,
        challenges::list_challenges,
        challenges::show_challenge,
        challenges::add_challenge,
        challenges::change_challenge,
        challenges::end_challenge,
        challenges::decide_challenge,
        challenges::start_from_challenge,
        challenges::add_challenge_point,
        challenges::answer_challenge_point,
        challenges::add_trial,
        challenges::end_trial,
        partnership_verbs::remove_challenge,
        partnership_verbs::restore_challenge,
        partnership_verbs::remove_challenge_point,
        partnership_verbs::restore_challenge_point,
        partnership_verbs::remove_trial,
        partnership_verbs::restore_trial,
        initiatives::list_initiatives,
        initiatives::show_initiative,
        initiatives::add_initiative,
        initiatives::change_initiative,
        initiatives::end_initiative,
        initiatives::add_part,
        initiatives::contribute,
        initiatives::answer_contribution,
        initiatives::add_task,
        initiatives::change_task,
        initiatives::set_task_state,
        initiatives::add_risk,
        initiatives::change_risk,
        partnership_verbs::remove_initiative,
        partnership_verbs::restore_initiative,
        partnership_verbs::remove_part,
        partnership_verbs::restore_part,
        partnership_verbs::remove_contribution,
        partnership_verbs::restore_contribution,
        partnership_verbs::remove_task,
        partnership_verbs::restore_task,
        partnership_verbs::remove_risk,
        partnership_verbs::restore_risk,
        pacts::list_pacts,
        pacts::show_pact,
        pacts::add_pact,
        pacts::change_pact,
        pacts::sign_pact,
        pacts::add_duty,
        pacts::promise_duties,
        pacts::end_pact,
        partnership_verbs::remove_pact,
        partnership_verbs::restore_pact,
        partnership_verbs::remove_duty,
        partnership_verbs::restore_duty,
        listening::list_heard,
        listening::show_answering,
        listening::hear,
        listening::answer_heard,
        partnership_verbs::remove_heard,
        partnership_verbs::restore_heard,
        topics::list_topics,
        topics::open_topic,
        topics::find_posts,
        topics::list_posts,
        topics::add_post,
        topics::sum_topic,
        topics::read_topic,
        topics::show_voices,
        topics::invite_voices,
        partnership_verbs::remove_post,
        partnership_verbs::restore_post,
        partnership_verbs::close_topic,
        partnership_verbs::reopen_topic,
        partnership_verbs::remove_topic,
        partnership_verbs::restore_topic,
        commitments::list_commitments,
        commitments::add_commitment,
        commitments::end_commitment,
        commitments::ask_date,
        commitments::answer_date,
        commitments::show_reliability,
        charters::show_charter,
        charters::save_charter,
        charters::answer_charter,
        charters::list_comments,
        charters::add_comment,
        partnership_verbs::remove_comment,
        partnership_verbs::restore_comment,
        roles::list_roles,
        roles::add_work,
        roles::change_work,
        roles::read_back,
        resources::list_resources,
        resources::list_resource,
        resources::change_resource,
        resources::list_bookings,
        resources::book_resource,
        resources::change_booking,
        partnership_verbs::remove_resource,
        partnership_verbs::restore_resource,
        expertise::list_experts,
        expertise::say_expertise,
        expertise::list_help,
        expertise::ask_help,
        expertise::give_help,
        ledger::list_gifts,
        ledger::enter_gift,
        ledger::answer_gift,
        ledger::show_balance,
        partnership_verbs::remove_gift,
        partnership_verbs::restore_gift,
        partnership_verbs::remove_work,
        partnership_verbs::restore_work,
        objectives::list_okr,
        objectives::add_okr,
        objectives::change_okr,
        objectives::add_key_result,
        objectives::change_key_result,
        objectives::list_check_ins,
        objectives::add_check_in,
        objectives::show_alignment,
        objectives::link_okr,
        partnership_verbs::remove_okr,
        partnership_verbs::restore_okr,
        partnership_verbs::remove_key_result,
        partnership_verbs::restore_key_result,
        partnership_verbs::remove_check_in,
        partnership_verbs::restore_check_in,
        partnership_verbs::remove_okr_link,
        partnership_verbs::restore_okr_link,
        decisions::list_decisions,
        decisions::ask_decision,
        decisions::show_decision,
        decisions::change_decision,
        decisions::list_statements,
        decisions::add_statement,
        decision_verbs::step_decision,
        decision_verbs::cast_ballot,
        decision_verbs::pass_vote,
        decision_verbs::answer_objection,
        decision_verbs::remind_voters,
        decision_verbs::close_poll,
        decision_verbs::write_outcome,
        decision_verbs::review_decision,
        partnership_verbs::remove_statement,
        partnership_verbs::restore_statement,
        partnership_verbs::serve_objective,
        partnership_verbs::drop_objective,
        partnership_verbs::list_objectives,
        partnership_verbs::add_objective,
        partnership_verbs::change_objective,
        verbs::remove_objective,
        verbs::restore_objective,
        stakeholders::list_stakeholders,
        stakeholders::add_stakeholder,
        stakeholders::change_stakeholder,
        stakeholders::place_stakeholder,
        stakeholders::unplace_stakeholder,
        stakeholders::say_stance,
        stakeholders::list_steps,
        stakeholders::add_step,
        stakeholders::say_influence,
        stakeholders::remove_stakeholder,
        stakeholders::restore_stakeholder,
        stakeholders::finish_step,
        stakeholders::reopen_step,
        stakeholders::remove_step,
        stakeholders::restore_step,
        bulk::preview,
        bulk::apply,
        bulk::undo,
    ),
    modifiers(&ByToken),
    security(("token" = []))
)]
struct Document;

/// Says that a token opens the API.
struct ByToken;

impl Modify for ByToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        // The document changes with the interface, not with each release of the program.
        "1".clone_into(&mut document.info.version);
    }
}

crate::routes::routes! { ROUTES routed {
    "/openapi.json" => GET document;
    "/me" => GET reads::me;
    "/people" => GET reads::list_people, POST written::add_person;
    "/people/bulk" => GET bulk::preview, POST bulk::apply;
    "/people/bulk/{id}/undo" => POST bulk::undo;
    "/people/{id}" => GET reads::show_person;
    "/people/{id}/fields" => GET facts::show_fields, POST facts::set_fields;
    "/people/{id}/rhythm" => GET own::show_rhythm, POST own::set_rhythm;
    "/people/{id}/ties" => GET reads::show_ties;
    "/people/{id}/name" => POST written::say_name;
    "/people/{id}/notes" => GET written::list_notes, POST written::add_note;
    "/people/{id}/places" => GET facts::list_places, POST written::add_place;
    "/people/{id}/promises" => GET written::list_promises, POST written::add_promise;
    "/people/{id}/tags" => POST written::add_tag;
    "/people/{id}/tags/removal" => POST written::remove_tag;
    "/notes/{id}" => POST written::change_note;
    "/notes/{id}/removal" => POST verbs::remove_note;
    "/notes/{id}/restoration" => POST verbs::restore_note;
    "/places/{id}" => POST facts::change_place;
    "/places/{id}/before" => POST facts::place_before;
    "/places/{id}/removal" => POST verbs::remove_place;
    "/places/{id}/restoration" => POST verbs::restore_place;
    "/promises/{id}/kept" => POST verbs::keep_promise;
    "/promises/{id}/reopening" => POST verbs::reopen_promise;
    "/promises/{id}/withdrawal" => POST verbs::withdraw_promise;
    "/partnerships" => GET partnerships::list_partnerships, POST partnerships::add_partnership;
    "/partnerships/{id}" => GET partnerships::show_partnership, POST partnerships::change_partnership;
    "/partnerships/{id}/agreement" => GET charters::show_charter, POST charters::save_charter;
    "/partnerships/{id}/agreement/answers" => POST charters::answer_charter;
    "/partnerships/{id}/agreement/comments" => GET charters::list_comments, POST charters::add_comment;
    "/partnerships/{id}/agreement/comments/{comment}/removal" => POST partnership_verbs::remove_comment;
    "/partnerships/{id}/agreement/comments/{comment}/restoration" => POST partnership_verbs::restore_comment;
    "/partnerships/{id}/okr" => GET objectives::list_okr, POST objectives::add_okr;
    "/partnerships/{id}/okr/alignment" => GET objectives::show_alignment, POST objectives::link_okr;
    "/partnerships/{id}/okr/links/{link}/removal" => POST partnership_verbs::remove_okr_link;
    "/partnerships/{id}/okr/links/{link}/restoration" => POST partnership_verbs::restore_okr_link;
    "/partnerships/{id}/okr/check-ins/{check}/removal" => POST partnership_verbs::remove_check_in;
    "/partnerships/{id}/okr/check-ins/{check}/restoration" => POST partnership_verbs::restore_check_in;
    "/partnerships/{id}/okr/results/{result}" => POST objectives::change_key_result;
    "/partnerships/{id}/okr/results/{result}/check-ins" => GET objectives::list_check_ins, POST objectives::add_check_in;
    "/partnerships/{id}/okr/results/{result}/removal" => POST partnership_verbs::remove_key_result;
    "/partnerships/{id}/okr/results/{result}/restoration" => POST partnership_verbs::restore_key_result;
    "/partnerships/{id}/okr/{okr}" => POST objectives::change_okr;
    "/partnerships/{id}/okr/{okr}/removal" => POST partnership_verbs::remove_okr;
    "/partnerships/{id}/okr/{okr}/restoration" => POST partnership_verbs::restore_okr;
    "/partnerships/{id}/okr/{okr}/results" => POST objectives::add_key_result;
    "/partnerships/{id}/roles" => GET roles::list_roles, POST roles::add_work;
    "/partnerships/{id}/roles/{work}" => POST roles::change_work;
    "/partnerships/{id}/roles/{work}/read-back" => POST roles::read_back;
    "/partnerships/{id}/roles/{work}/removal" => POST partnership_verbs::remove_work;
    "/partnerships/{id}/roles/{work}/restoration" => POST partnership_verbs::restore_work;
    "/partnerships/{id}/decisions" => GET decisions::list_decisions, POST decisions::ask_decision;
    "/partnerships/{id}/decisions/statements/{comment}/removal" => POST partnership_verbs::remove_statement;
    "/partnerships/{id}/decisions/statements/{comment}/restoration" => POST partnership_verbs::restore_statement;
    "/partnerships/{id}/decisions/{decision}" => GET decisions::show_decision, POST decisions::change_decision;
    "/partnerships/{id}/decisions/{decision}/ballot" => POST decision_verbs::cast_ballot;
    "/partnerships/{id}/decisions/{decision}/closure" => POST decision_verbs::close_poll;
    "/partnerships/{id}/decisions/{decision}/delegation" => POST decision_verbs::pass_vote;
    "/partnerships/{id}/decisions/{decision}/objections/{ballot}" => POST decision_verbs::answer_objection;
    "/partnerships/{id}/decisions/{decision}/outcome" => POST decision_verbs::write_outcome;
    "/partnerships/{id}/decisions/{decision}/reminders" => POST decision_verbs::remind_voters;
    "/partnerships/{id}/decisions/{decision}/review" => POST decision_verbs::review_decision;
    "/partnerships/{id}/decisions/{decision}/stage" => POST decision_verbs::step_decision;
    "/partnerships/{id}/decisions/{decision}/statements" => GET decisions::list_statements, POST decisions::add_statement;
    "/partnerships/{id}/dates.ics" => GET whole::partnership_dates;
    "/partnerships/{id}/export" => GET whole::export_partnership;
    "/partnerships/{id}/removal" => POST verbs::remove_partnership;
    "/partnerships/{id}/restoration" => POST verbs::restore_partnership;
    "/partnerships/{id}/parties" => POST partnerships::add_party;
    "/partnerships/{id}/parties/{party}/name" => POST partnerships::rename_party;
    "/partnerships/{id}/parties/{party}/removal" => POST partnership_verbs::remove_party;
    "/partnerships/{id}/parties/{party}/restoration" => POST partnership_verbs::restore_party;
    "/partnerships/{id}/parties/{party}/side" => POST partnerships::write_side;
    "/partnerships/{id}/people" => GET partnerships::list_seats, POST partnerships::give_seat;
    "/conflicts/mediated" => GET cases::list_mediated;
    "/partnerships/{id}/lessons" => GET cases::list_lessons;
    "/partnerships/{id}/conflicts" => GET cases::list_cases, POST cases::raise_case;
    "/partnerships/{id}/conflicts/points/{point}/removal" => POST partnership_verbs::remove_case_point;
    "/partnerships/{id}/conflicts/points/{point}/restoration" => POST partnership_verbs::restore_case_point;
    "/partnerships/{id}/conflicts/{case}" => GET cases::show_case, POST cases::say_in_case;
    "/partnerships/{id}/conflicts/{case}/numbers" => POST cases::give_numbers;
    "/partnerships/{id}/conflicts/{case}/stage" => POST cases::step_case;
    "/partnerships/{id}/challenges" => GET challenges::list_challenges, POST challenges::add_challenge;
    "/partnerships/{id}/challenges/points/{entry}/removal" => POST partnership_verbs::remove_challenge_point;
    "/partnerships/{id}/challenges/points/{entry}/restoration" => POST partnership_verbs::restore_challenge_point;
    "/partnerships/{id}/challenges/points/{entry}/stance" => POST challenges::answer_challenge_point;
    "/partnerships/{id}/challenges/trials/{trial}" => POST challenges::end_trial;
    "/partnerships/{id}/challenges/trials/{trial}/removal" => POST partnership_verbs::remove_trial;
    "/partnerships/{id}/challenges/trials/{trial}/restoration" => POST partnership_verbs::restore_trial;
    "/partnerships/{id}/challenges/{challenge}" => GET challenges::show_challenge, POST challenges::change_challenge;
    "/partnerships/{id}/challenges/{challenge}/decision" => POST challenges::decide_challenge;
    "/partnerships/{id}/challenges/{challenge}/end" => POST challenges::end_challenge;
    "/partnerships/{id}/challenges/{challenge}/initiative" => POST challenges::start_from_challenge;
    "/partnerships/{id}/challenges/{challenge}/points" => POST challenges::add_challenge_point;
    "/partnerships/{id}/challenges/{challenge}/removal" => POST partnership_verbs::remove_challenge;
    "/partnerships/{id}/challenges/{challenge}/restoration" => POST partnership_verbs::restore_challenge;
    "/partnerships/{id}/challenges/{challenge}/trials" => POST challenges::add_trial;
    "/partnerships/{id}/initiatives" => GET initiatives::list_initiatives, POST initiatives::add_initiative;
    "/partnerships/{id}/initiatives/contributions/{contribution}" => POST initiatives::answer_contribution;
    "/partnerships/{id}/initiatives/contributions/{contribution}/removal" => POST partnership_verbs::remove_contribution;
    "/partnerships/{id}/initiatives/contributions/{contribution}/restoration" => POST partnership_verbs::restore_contribution;
    "/partnerships/{id}/initiatives/parts/{part}/contributions" => POST initiatives::contribute;
    "/partnerships/{id}/initiatives/parts/{part}/removal" => POST partnership_verbs::remove_part;
    "/partnerships/{id}/initiatives/parts/{part}/restoration" => POST partnership_verbs::restore_part;
    "/partnerships/{id}/initiatives/risks/{risk}" => POST initiatives::change_risk;
    "/partnerships/{id}/initiatives/risks/{risk}/removal" => POST partnership_verbs::remove_risk;
    "/partnerships/{id}/initiatives/risks/{risk}/restoration" => POST partnership_verbs::restore_risk;
    "/partnerships/{id}/initiatives/tasks/{task}" => POST initiatives::change_task;
    "/partnerships/{id}/initiatives/tasks/{task}/removal" => POST partnership_verbs::remove_task;
    "/partnerships/{id}/initiatives/tasks/{task}/restoration" => POST partnership_verbs::restore_task;
    "/partnerships/{id}/initiatives/tasks/{task}/state" => POST initiatives::set_task_state;
    "/partnerships/{id}/initiatives/{initiative}" => GET initiatives::show_initiative, POST initiatives::change_initiative;
    "/partnerships/{id}/initiatives/{initiative}/end" => POST initiatives::end_initiative;
    "/partnerships/{id}/initiatives/{initiative}/parts" => POST initiatives::add_part;
    "/partnerships/{id}/initiatives/{initiative}/removal" => POST partnership_verbs::remove_initiative;
    "/partnerships/{id}/initiatives/{initiative}/restoration" => POST partnership_verbs::restore_initiative;
    "/partnerships/{id}/initiatives/{initiative}/risks" => POST initiatives::add_risk;
    "/partnerships/{id}/initiatives/{initiative}/tasks" => POST initiatives::add_task;
    "/partnerships/{id}/pacts" => GET pacts::list_pacts, POST pacts::add_pact;
    "/partnerships/{id}/pacts/duties/{duty}/removal" => POST partnership_verbs::remove_duty;
    "/partnerships/{id}/pacts/duties/{duty}/restoration" => POST partnership_verbs::restore_duty;
    "/partnerships/{id}/pacts/{pact}" => GET pacts::show_pact, POST pacts::change_pact;
    "/partnerships/{id}/pacts/{pact}/commitments" => POST pacts::promise_duties;
    "/partnerships/{id}/pacts/{pact}/duties" => POST pacts::add_duty;
    "/partnerships/{id}/pacts/{pact}/end" => POST pacts::end_pact;
    "/partnerships/{id}/pacts/{pact}/removal" => POST partnership_verbs::remove_pact;
    "/partnerships/{id}/pacts/{pact}/restoration" => POST partnership_verbs::restore_pact;
    "/partnerships/{id}/pacts/{pact}/signature" => POST pacts::sign_pact;
    "/partnerships/{id}/listening" => GET listening::list_heard, POST listening::hear;
    "/partnerships/{id}/listening/answering" => GET listening::show_answering;
    "/partnerships/{id}/listening/{heard}/answer" => POST listening::answer_heard;
    "/partnerships/{id}/listening/{heard}/removal" => POST partnership_verbs::remove_heard;
    "/partnerships/{id}/listening/{heard}/restoration" => POST partnership_verbs::restore_heard;
    "/partnerships/{id}/topics" => GET topics::list_topics, POST topics::open_topic;
    "/partnerships/{id}/topics/posts" => GET topics::find_posts;
    "/partnerships/{id}/topics/posts/{post}/removal" => POST partnership_verbs::remove_post;
    "/partnerships/{id}/topics/posts/{post}/restoration" => POST partnership_verbs::restore_post;
    "/partnerships/{id}/topics/voices" => GET topics::show_voices, POST topics::invite_voices;
    "/partnerships/{id}/topics/{topic}/closure" => POST partnership_verbs::close_topic;
    "/partnerships/{id}/topics/{topic}/posts" => GET topics::list_posts, POST topics::add_post;
    "/partnerships/{id}/topics/{topic}/read" => POST topics::read_topic;
    "/partnerships/{id}/topics/{topic}/removal" => POST partnership_verbs::remove_topic;
    "/partnerships/{id}/topics/{topic}/reopening" => POST partnership_verbs::reopen_topic;
    "/partnerships/{id}/topics/{topic}/restoration" => POST partnership_verbs::restore_topic;
    "/partnerships/{id}/topics/{topic}/summary" => POST topics::sum_topic;
    "/partnerships/{id}/commitments" => GET commitments::list_commitments, POST commitments::add_commitment;
    "/partnerships/{id}/commitments/{commitment}" => POST commitments::end_commitment;
    "/partnerships/{id}/commitments/{commitment}/date" => POST commitments::ask_date;
    "/partnerships/{id}/commitments/{commitment}/date/answer" => POST commitments::answer_date;
    "/partnerships/{id}/bookings/{booking}" => POST resources::change_booking;
    "/partnerships/{id}/expertise" => GET expertise::list_experts, POST expertise::say_expertise;
    "/partnerships/{id}/expertise/questions" => GET expertise::list_help;
    "/partnerships/{id}/expertise/questions/{ask}" => POST expertise::give_help;
    "/partnerships/{id}/expertise/{seat}/questions" => POST expertise::ask_help;
    "/partnerships/{id}/ledger" => GET ledger::list_gifts, POST ledger::enter_gift;
    "/partnerships/{id}/ledger/balance" => GET ledger::show_balance;
    "/partnerships/{id}/ledger/{gift}/receipt" => POST ledger::answer_gift;
    "/partnerships/{id}/ledger/{gift}/removal" => POST partnership_verbs::remove_gift;
    "/partnerships/{id}/ledger/{gift}/restoration" => POST partnership_verbs::restore_gift;
    "/partnerships/{id}/resources" => GET resources::list_resources, POST resources::list_resource;
    "/partnerships/{id}/resources/{resource}" => POST resources::change_resource;
    "/partnerships/{id}/resources/{resource}/bookings" => GET resources::list_bookings, POST resources::book_resource;
    "/partnerships/{id}/resources/{resource}/removal" => POST partnership_verbs::remove_resource;
    "/partnerships/{id}/resources/{resource}/restoration" => POST partnership_verbs::restore_resource;
    "/partnerships/{id}/reliability" => GET commitments::show_reliability;
    "/partnerships/{id}/links" => GET guests::list_links;
    "/partnerships/{id}/people/{seat}/link" => POST guests::make_link;
    "/partnerships/{id}/people/{seat}/link/mail" => POST guests::mail_link;
    "/partnerships/{id}/people/{seat}/link/removal" => POST partnership_verbs::end_link;
    "/partnerships/{id}/people/{seat}/link/renewal" => POST partnership_verbs::renew_link;
    "/partnerships/{id}/people/{seat}/duty" => POST partnerships::set_duty;
    "/partnerships/{id}/people/{seat}/removal" => POST partnership_verbs::end_seat;
    "/partnerships/{id}/people/{seat}/restoration" => POST partnership_verbs::resume_seat;
    "/partnerships/{id}/questions/{question}" => POST partnerships::answer_question;
    "/partnerships/{id}/stage" => POST partnerships::step_stage;
    "/partnerships/{id}/objectives" => POST partnership_verbs::serve_objective;
    "/partnerships/{id}/objectives/{objective}/removal" => POST partnership_verbs::drop_objective;
    "/objectives" => GET partnership_verbs::list_objectives, POST partnership_verbs::add_objective;
    "/objectives/{id}" => POST partnership_verbs::change_objective;
    "/objectives/{id}/removal" => POST verbs::remove_objective;
    "/objectives/{id}/restoration" => POST verbs::restore_objective;
    "/stakeholders" => GET stakeholders::list_stakeholders, POST stakeholders::add_stakeholder;
    "/stakeholders/steps/{id}/done" => POST stakeholders::finish_step;
    "/stakeholders/steps/{id}/removal" => POST stakeholders::remove_step;
    "/stakeholders/steps/{id}/reopening" => POST stakeholders::reopen_step;
    "/stakeholders/steps/{id}/restoration" => POST stakeholders::restore_step;
    "/stakeholders/{id}" => POST stakeholders::change_stakeholder;
    "/stakeholders/{id}/influence" => POST stakeholders::say_influence;
    "/stakeholders/{id}/placement" => POST stakeholders::place_stakeholder;
    "/stakeholders/{id}/placement/removal" => POST stakeholders::unplace_stakeholder;
    "/stakeholders/{id}/removal" => POST stakeholders::remove_stakeholder;
    "/stakeholders/{id}/restoration" => POST stakeholders::restore_stakeholder;
    "/stakeholders/{id}/stances" => POST stakeholders::say_stance;
    "/stakeholders/{id}/steps" => GET stakeholders::list_steps, POST stakeholders::add_step;
    "/ties" => POST written::say_tie;
    "/ties/removal" => POST written::withdraw_tie;
    "/units" => GET reads::list_units, POST facts::add_unit;
    "/units/{id}" => GET facts::show_unit;
    "/units/{id}/withdrawal" => POST verbs::withdraw_unit;
    "/fields" => GET facts::list_fields;
    "/views" => GET own::list_views, POST own::save_view;
    "/views/{id}/removal" => POST verbs::remove_view;
    "/snoozes" => GET own::list_snoozes, POST own::snooze;
    "/snoozes/end" => POST own::end_snooze;
    "/findings" => GET reads::list_findings;
    "/findings/history" => GET reads::findings_history;
    "/network/summary" => GET network::network_summary;
    "/network/groups" => GET network::network_groups;
    "/network/changes" => GET network::network_changes;
    "/network/export" => GET network::network_export;
    "/network/what-if" => GET what_if::what_if;
    "/imports" => GET reads::list_imports;
    "/jobs" => GET reads::list_jobs;
    "/contacts" => POST writes::log_contact;
    "/contacts/{id}/undo" => POST writes::undo_contact;
    "/identities/decisions" => POST writes::decide;
} }

/// Routes below `/api/v1`, with what holds for all of them.
pub(crate) fn routes() -> Router<App> {
    routed()
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(|| async { ApiError::Method })
        .layer(Extension(Arc::new(Allowance::default())))
}

/// `GET /api/v1/openapi.json`: no data, so it is open to all.
async fn document() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "max-age=3600")], Json(Document::openapi()))
}
