export const handleError = ({ error, status }) => {
  if (status !== 404) console.error('Страница не открылась', error)
  return { message: status === 404 ? 'Нет такой страницы' : 'Страница не открылась' }
}
