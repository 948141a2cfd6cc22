"""What one can do in the students domain. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.students import inputs, values
from subgraphs.students.service import Profile
from subgraphs.students.types import Student, StudentsInfo, student_type

AS_IT_IS = "The student as they are now."
OWN = "For themselves and administrators."


@payload
class CreateStudentPayload:
    student: Student | None = outcome("The new student.")
    errors: list[UserError] = problems()


@payload
class UpdateStudentPayload:
    student: Student | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@payload
class SetLearnedLanguagePayload:
    student: Student | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@payload
class RemoveLearnedLanguagePayload:
    student: Student | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@payload
class AddStudentGoalPayload:
    student: Student | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@payload
class ReachStudentGoalPayload:
    student: Student | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@payload
class NoteStudentProgressPayload:
    student: Student | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(CreateStudentPayload, description="Become a student; administrators make anybody one.")
    async def create_student(
        self, info: StudentsInfo, input: inputs.CreateStudentInput
    ) -> CreateStudentPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        user = viewer.id if input.user_id is None else checks.id(input.user_id, "userId")
        profile = Profile(input.display_name, input.timezone, input.phone)
        student = await info.context.students.create(request, values.UserId(user), profile, checks)
        return CreateStudentPayload(student=student_type(student))

    @mutation(UpdateStudentPayload, description=OWN)
    async def update_student(
        self, info: StudentsInfo, input: inputs.UpdateStudentInput
    ) -> UpdateStudentPayload | None:
        request, checks = info.context.request, Checks()
        request.require_viewer()
        columns = changes(input, checks, clearable={"phone"})
        student_id = _student_id(checks, columns.pop("student_id"))
        student = await info.context.students.update(request, student_id, columns, checks)
        return UpdateStudentPayload(student=student_type(student))

    @mutation(SetLearnedLanguagePayload, description=f"{OWN} Adds the language or changes it.")
    async def set_learned_language(
        self, info: StudentsInfo, input: inputs.SetLearnedLanguageInput
    ) -> SetLearnedLanguagePayload | None:
        request, checks = info.context.request, Checks()
        learned = values.LearnedLanguage(input.language, input.level, input.target_level)
        student_id = _student_id(checks, input.student_id)
        student = await info.context.learning.set_language(request, student_id, learned, checks)
        return SetLearnedLanguagePayload(student=student_type(student))

    @mutation(RemoveLearnedLanguagePayload, description=OWN)
    async def remove_learned_language(
        self, info: StudentsInfo, input: inputs.RemoveLearnedLanguageInput
    ) -> RemoveLearnedLanguagePayload | None:
        request, checks = info.context.request, Checks()
        student_id = _student_id(checks, input.student_id)
        student = await info.context.learning.remove_language(request, student_id, input.language, checks)
        return RemoveLearnedLanguagePayload(student=student_type(student))

    @mutation(AddStudentGoalPayload, description=OWN)
    async def add_student_goal(
        self, info: StudentsInfo, input: inputs.AddStudentGoalInput
    ) -> AddStudentGoalPayload | None:
        request, checks = info.context.request, Checks()
        student_id = _student_id(checks, input.student_id)
        learning = info.context.learning
        student = await learning.add_goal(request, student_id, input.title, input.due_on, checks)
        return AddStudentGoalPayload(student=student_type(student))

    @mutation(ReachStudentGoalPayload, description=f"{OWN} Doing it again changes nothing.")
    async def reach_student_goal(
        self, info: StudentsInfo, input: inputs.ReachStudentGoalInput
    ) -> ReachStudentGoalPayload | None:
        request, checks = info.context.request, Checks()
        goal = values.GoalId(checks.id(input.goal_id, "goalId"))
        student = await info.context.learning.reach_goal(request, goal, checks)
        return ReachStudentGoalPayload(student=student_type(student))

    @mutation(NoteStudentProgressPayload, description="For a teacher of theirs and administrators.")
    async def note_student_progress(
        self, info: StudentsInfo, input: inputs.NoteStudentProgressInput
    ) -> NoteStudentProgressPayload | None:
        request, checks = info.context.request, Checks()
        noted = values.NewProgress(input.language, input.level, input.note)
        student_id = _student_id(checks, input.student_id)
        student = await info.context.learning.note_progress(request, student_id, noted, checks)
        return NoteStudentProgressPayload(student=student_type(student))


def _student_id(checks: Checks, text: str) -> values.StudentId:
    return values.StudentId(checks.id(text, "studentId"))
