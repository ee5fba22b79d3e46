//! Tables of joint decisions.

table!(joint_decision, "joint_decision", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    question: String,
    why: String,
    proposal: String,
    words: String,
    stage: String,
    method: String,
    settings: String,
    voters: String,
    quorum: String,
    secrecy: String,
    delegating: bool,
    max_chain: Option<i64>,
    discuss_until: Option<i64>,
    closes_at: Option<i64>,
    opened_at: Option<i64>,
    reminded_at: Option<i64>,
    commitment: Option<String>,
    nonce: Option<String>,
    verdict: Option<String>,
    statement: String,
    aim: Option<Uuid>,
    owner: Option<Uuid>,
    first_step: String,
    review_on: Option<i64>,
    review_note: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(decision_option, "decision_option", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    decision: Uuid,
    place: i64,
    text: String,
    note: String,
});
table!(decision_statement, "decision_statement", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    decision: Uuid,
    stance: String,
    party: Option<Uuid>,
    seat: Option<Uuid>,
    text: String,
    removed_at: Option<i64>,
    account: Option<Uuid>,
});
table!(decision_bound, "decision_bound", {
    #[sea_orm(primary_key, auto_increment = false)]
    decision: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    seat: Uuid,
});
table!(decision_voter, "decision_voter", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    decision: Uuid,
    party: Option<Uuid>,
    holder: Uuid,
    stand_in: Option<Uuid>,
    cast_as: Option<String>,
    passed_to: Option<Uuid>,
});
table!(decision_ballot, "decision_ballot", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    decision: Uuid,
    voter: Option<Uuid>,
    token: Option<String>,
    says: String,
    reason: String,
    objection: Option<String>,
});
table!(decision_count, "decision_count", {
    #[sea_orm(primary_key, auto_increment = false)]
    decision: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    at: i64,
    verdict: String,
    early: bool,
    tally: String,
    ballots: Option<String>,
    commitment: String,
    nonce: String,
    root: String,
});
