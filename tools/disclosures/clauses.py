"""What statements say: ties of authors to organisations, and the sentences around them.

Templates, with fields in braces that `tools.disclosures.scene.Scene` fills in, and
``[has/have]`` where the subject's number decides. Every word was written for this generator.
"""

from __future__ import annotations

from tools.disclosures.dice import items

# Predicates of a subject that stands before them.
TIES: tuple[str, ...] = (
    "[has/have] received honoraria from {givers}",
    "[has/have] received honoraria from {givers}",
    "[has/have] received lecture fees from {givers}",
    "[has/have] received speaker fees from {orgs}",
    "[has/have] received speaker's honoraria from {givers} for talks on {disease}",
    "[has/have] received consulting fees from {orgs}",
    "[has/have] received personal fees from {orgs}",
    "[has/have] received research funding from {givers}",
    "[has/have] received research grants from {givers}",
    "[has/have] received grant support from {givers}",
    "[has/have] received an unrestricted grant from {one}",
    "[has/have] received travel support from {givers} to attend a congress in {city}",
    "[has/have] received travel grants from {givers}",
    "[has/have] received payment from {one} for the development of educational presentations",
    "[has/have] received study drug for the {trial} trial from {one}",
    "[has/have] received in-kind support (assay kits) from {one}",
    "[has/have] received reimbursement of travel costs from {givers}",
    "[has/have] received fees for serving as a speaker from {orgs} and for expert testimony from "
    "{one}",
    "[is/are] [an employee/employees] of {one}",
    "[is/are] [an employee/employees] of {one} and [holds/hold] stock options in the company",
    "[is/are] employed by {one}",
    "[is/are] employed by {one}, the manufacturer of {drug}",
    "[is a full-time employee/are full-time employees] of {one}",
    "[was/were] [an employee/employees] of {one} when the study was conducted and [is/are] now "
    "with {one}",
    "[was/were] employed at {one} until {date}",
    "[is/are] [a consultant/consultants] for {orgs}",
    "[is/are] [a paid consultant/paid consultants] to {orgs}",
    "[has/have] acted as [a consultant/consultants] for {orgs}",
    "[has/have] consulted for {orgs}",
    "[has/have] served as [a consultant/consultants] to {orgs} on {disease}",
    "[has/have] been [a consultant/consultants] to, and [has/have] given lectures for, {orgs}",
    "[has/have] served on the advisory board of {orgs}",
    "[has/have] served on advisory boards for {orgs}",
    "[is/are] on the scientific advisory board of {orgs}",
    "[has/have] attended advisory board meetings of {orgs}",
    "[serves/serve] on the speakers' bureau of {orgs}",
    "[has/have] participated in speaker bureaus for {orgs}",
    "[sits/sit] on the board of directors of {one}",
    "[is/are] chair of the scientific board of {funder}",
    "[is/are] [a trustee/trustees] of {funder}",
    "[is a past president/are past presidents] of {society}",
    "[receives/receive] a stipend from {society} for editorial work on {journal}",
    "[holds/hold] shares in {orgs}",
    "[holds/hold] stock in {orgs}",
    "[owns/own] equity in {one}, which develops {topic}",
    "[is/are] [a shareholder/shareholders] of {one}",
    "[is/are] [a co-founder/co-founders] of {one}",
    "[founded/founded] {one}, a spin-off of {university}",
    "[is/are] the chief medical officer of {located}",
    "[is/are] named as [an inventor/inventors] on a patent ({patent}) licensed to {one}",
    "[holds/hold] a patent on {topic}, assigned to {university}",
    "[receives/receive] royalties from {one}",
    "[receives/receive] royalties from {one} for {journal}",
    "[has/have] a patent pending for {topic}, which has been licensed to {one}",
    "[has/have] received royalties from {one} for the sale of {drug}",
    "[has/have] been the principal investigator of clinical trials sponsored by {orgs}",
    "[was/were] [an investigator/investigators] in the {trial} trial, sponsored by {one}",
    "[has/have] been [a member/members] of the {committee} of the {trial} trial, for which {one} "
    "paid a fee",
    "[chaired/chaired] the {committee} of a trial of {drug} sponsored by {one}",
    "[is/are] supported by a fellowship from {funder}",
    "[is/are] supported by {funder} (grant {grant})",
    "[was/were] awarded the {prize}, which is sponsored by {one}",
    "[holds/hold] a chair endowed by {funder}",
    "[has/have] provided expert testimony on behalf of {one}",
    "[has/have] undertaken paid work for {orgs} in the field of {disease}",
    "[declares/declare] institutional research funding from {givers}",
    "[reports/report] that [the/their] institution received payments from {orgs} for the conduct "
    "of the {trial} study",
    "[has/have] a consultancy agreement with {one} about {drug}",
    "[is/are] on the editorial board of {journal} and [has/have] received fees from {one}",
    "[serves/serve] as associate editor of {journal}, for which {society} pays a fee",
    "[has/have] written a chapter for {journal}, which {one} distributes",
    "[was/were] on the {committee} of {trial}, {trial} and {trial}, and [holds/hold] no shares in "
    "{one}, their sponsor",
    "[developed/developed] the {scale} software sold by {one}",
    "[has/have] non-financial interests in {funder}, as [a member/members]",
)

# Nouns behind "reports", "declares", "discloses".
GAINS: tuple[str, ...] = (
    "grants from {givers}",
    "grants and personal fees from {orgs}",
    "personal fees from {orgs}",
    "personal fees from {orgs}",
    "non-financial support from {orgs}",
    "grants, personal fees and non-financial support from {one}",
    "other from {one}",
    "honoraria from {givers}",
    "research support from {givers}",
    "consulting fees from {orgs}",
    "fees for lectures from {orgs}",
    "travel support from {one}",
    "royalties from {one}",
    "stock ownership in {orgs}",
    "employment by {one}",
    "a grant from {funder}",
    "grants from {funder}, during the conduct of the study",
    "membership of an advisory board of {one}",
    "a patent on {topic} licensed to {one}",
    "speaker fees from {orgs}",
    "equity in {one}",
    "study medication ({drug}) from {one}",
)

# Headings of lists by author ("AB: consultant for X") or by role ("Consultancy: AB (X)").
# Each with the word that leads to the company.
ROLES: dict[str, str] = {
    "consultant": " for ",
    "consultancy": " for ",
    "advisory board": " of ",
    "member of the advisory board": " of ",
    "scientific advisor": " to ",
    "speaker": " for ",
    "speaker fees": " from ",
    "lecture fees": " from ",
    "honoraria": " from ",
    "research grant": " from ",
    "grants": " from ",
    "research funding (institutional)": " from ",
    "travel support": " from ",
    "educational grants": " from ",
    "royalties": " from ",
    "employee": " of ",
    "employment": " at ",
    "stock": " in ",
    "shareholder": " of ",
    "speakers bureau": " of ",
    "patent": " licensed to ",
}
OFFICES = items(
    "Honoraria|Consulting or Advisory Role|Research Funding|Speakers' Bureau|Employment|"
    "Stock or Other Ownership|Travel, Accommodations, Expenses|Patents, Royalties, Other "
    "Intellectual Property|Leadership|Expert Testimony"
)

# Sentences about the study. Most name an organisation.
STUDY: tuple[str, ...] = (
    "This study was funded by {payer}.",
    "This study was funded by {payer} (grant number {grant}).",
    "This work was supported by {funder}.",
    "This work was supported in part by {funder} ({grant}) and by {funder}.",
    "This work was supported by grants from {funder} and {one} to {who}.",
    "The study was sponsored by {located}.",
    "The {trial} trial was sponsored by {one}.",
    "{one} provided {drug} free of charge.",
    "{drug} and matching placebo were supplied by {one}.",
    "{one} reviewed the manuscript but had no influence on its content.",
    "Medical writing support was provided by {service}, funded by {one}.",
    "Editorial assistance was provided by {person} of {service}, and paid for by {one}.",
    "{person}, of {service}, performed the statistical analysis.",
    "The trial was an investigator-initiated study supported by an unrestricted grant from {one}.",
    "Laboratory kits were donated by {one}.",
    "The {department} of {university} receives unrestricted research support from {givers}.",
    "The {department} has received payments from {orgs} for trials in {disease}.",
    "Open access was paid for by {funder}.",
    "Data were collected by {service} on behalf of {one}.",
    "The registry is maintained by {society} with support from {orgs}.",
)

# What only one sentence of a statement says.
NO_ROLE: tuple[str, ...] = (
    "The funder had no role in the design of the study; in the collection, analysis, or "
    "interpretation of data; or in the writing of the manuscript.",
    "The sponsor had no role in study design, data collection, or the decision to publish.",
    "The funding source had no influence on the {committee}.",
    "None of these companies had a role in the present study.",
    "The {committee} of the {trial} trial was independent of the sponsor.",
)
# Sentences without an entity: look-alikes and formulas. An empty one stands for `NO_ROLE`.
FILLERS: tuple[str, ...] = (
    "",
    "",
    "These interests did not influence the results of the {trial} trial.",
    "No fees were received for the work presented here.",
    "All payments were made to the institution.",
    "These relationships are outside the submitted work.",
    "This does not alter adherence to the policies of {journal} on sharing data and materials.",
    "The views expressed are those of the authors and not necessarily those of their employers.",
    "The study was approved by the ethics committee of the {hospital}.",
    "The study was presented in part at a congress on {disease} in {city} in {date}.",
    "The authors had full access to the data.",
    "A patient representative with {disease} commented on the protocol.",
    "Informed consent was obtained in accordance with the Declaration of Helsinki.",
    "{drug} is not approved for {disease} in all countries.",
    "The {scale} was used under licence.",
    "A statistician of the sponsor repeated the {test} on the full data set.",
    "An abstract of this work received the {prize} in {year}.",
    "{journal} had no part in the review of this article.",
    "Full disclosure forms are available with the online version of this article.",
    "All authors have completed the uniform disclosure form.",
    "No other relationships or activities could appear to have influenced the submitted work.",
    "No writing assistance was used.",
)

# Closing sentences: everybody else, unnamed, or named through {whos}.
CLOSINGS: tuple[str, ...] = (
    "The other authors declare no competing interests.",
    "The other authors have no conflicts of interest to declare.",
    "The remaining authors have nothing to disclose.",
    "The remaining authors declare that they have no conflict of interest.",
    "All other authors declare that they have no competing interests.",
    "All other authors report no conflicts.",
    "No other disclosures were reported.",
    "No other potential conflict of interest relevant to this article was reported.",
    "The rest of the authors declare that they have no relevant conflicts of interest.",
)
NAMED_CLOSINGS: tuple[str, ...] = (
    "{whos} [declares/declare] no competing interests.",
    "{whos} [has/have] no conflicts of interest.",
    "{whos} [has/have] nothing to disclose.",
    "{whos} [declares/declare] having no conflict of interest.",
    "{whos} [reports/report] no disclosures.",
    "{whos}: none.",
    "{whos} [has/have] no relevant financial relationships.",
)
HEADINGS: dict[str, float] = {
    "": 46,
    "Conflict of interest: ": 8,
    "Conflicts of interest: ": 4,
    "Conflict of interest ": 3,
    "CONFLICT OF INTEREST: ": 2,
    "Competing interests: ": 7,
    "Competing interests – ": 2,
    "COMPETING INTERESTS ": 1,
    "Declaration of interests: ": 3,
    "Disclosures: ": 6,
    "Disclosure: ": 4,
    "Disclosure statement: ": 2,
    "Financial disclosure: ": 3,
    "Potential conflicts of interest. ": 3,
    "Conflict of interest statement. ": 2,
    "Author disclosures: ": 1,
    "Duality of interest. ": 1,
    "The authors declare the following conflicts of interest: ": 4,
    "The authors declare the following financial interests/personal relationships which may be "
    "considered as potential competing interests: ": 1,
    "I have read the journal's policy and the authors of this manuscript have the following "
    "competing interests: ": 3,
}

# Statements of one or two sentences.
SHORT: tuple[str, ...] = (
    "The authors received research funding from {givers}.",
    "The authors have received honoraria from {givers}.",
    "All authors are employees of {one}.",
    "All authors are employees of {one} and may own stock in the company.",
    "The first author has received lecture fees from {givers}; the corresponding author is a "
    "consultant for {one}.",
    "The corresponding author holds shares in {one}, which manufactures {drug}.",
    "The senior author receives royalties from {one} for {topic}.",
    "One of the authors ({who}) is an employee of {one}.",
    "One of us ({who}) has received speaker fees from {orgs}.",
    "Two of the authors ({whos}) are employees of {one}.",
    "This study was funded by {one}, which manufactures {drug}; {whos} [is/are] [an employee/"
    "employees] of {same}.",
    "{whos} [was/were] supported by {funder}.",
    "The {department} of {university}, where {who} works, has received grants from {givers}.",
    "{who} received a grant from {funder} ({grant}).",
    "{who} is the owner of {one}.",
    "{who} has a family member who is employed by {one}.",
    "We received free samples of {drug} from {one}.",
    "{whos} [has/have] received grants for research on {disease} from {payer}.",
)
